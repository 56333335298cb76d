/**
 * The tfjs backend `simd`: tensors in one shared WebAssembly memory, hot kernels in 128-bit SIMD on
 * all cores, everything else from the stock cpu backend.
 *
 * @module
 */
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import type { KernelPool } from "./kernel_pool.ts";

/** A kernel that ran, and the backend that computed its result. */
export interface KernelRun {
  readonly kernelName: string;
  readonly inputs: tf.NamedTensorInfoMap;
  /** `none`: the result shares an input's values, as in a reshape, or a part of them. */
  readonly by: "simd" | "cpu" | "none";
}

/**
 * Extends the stock cpu backend, so it can run that backend's kernels. A tensor moves into kernel
 * memory when a SIMD kernel first uses it; its values are then a view of that memory, which the cpu
 * kernels read like any array.
 */
export class SimdBackend extends MathBackendCPU {
  /** Called for every kernel that ran, for tests and tables. */
  onKernel: ((run: KernelRun) => void) | undefined;
  #addresses = new WeakMap<tf.DataId, number>();
  #zeros: { address: number; length: number } | undefined;

  constructor(readonly pool: KernelPool) {
    super();
  }

  /**
   * The address of a tensor's values in kernel memory; moves them there if necessary. A bool is a
   * byte.
   *
   * @throws {Error} if the tensor is neither float32 nor bool
   */
  address({ dataId, dtype }: tf.TensorInfo): number {
    const known = this.#addresses.get(dataId);
    if (known !== undefined) return known;
    const data = this.data.get(dataId);
    const values = data.values as tf.TypedArray;
    const [address, view] = this.#allocate(dtype, values.length);
    view.set(values);
    data.values = view;
    this.#addresses.set(dataId, address);
    return address;
  }

  /**
   * The address of a variable's values, for a kernel that changes them in place. Values shared with
   * another tensor are copied first.
   */
  addressToChange(variable: tf.Variable): number {
    if (this.refCount(variable.dataId) > 1) {
      const info = this.output(variable.shape);
      (this.data.get(info.dataId).values as Float32Array).set(variable.dataSync<"float32">());
      const copy = tf.engine().makeTensorFromTensorInfo(info);
      variable.assign(copy);
      copy.dispose();
    }
    return this.address(variable);
  }

  /**
   * Runs a job of the {@linkcode KernelPool} on tensors.
   *
   * @param args the kernel's arguments up to its first float: float32 and bool tensors, addresses
   *   in kernel memory (0 for omitted ones) and sizes
   * @param floats the arguments from there on
   */
  run(
    kernel: string,
    tasks: number,
    args: readonly (tf.TensorInfo | number)[],
    floats: readonly number[] = [],
  ): void {
    const integers = args.map((arg) => typeof arg === "number" ? arg : this.address(arg));
    this.pool.run(kernel, tasks, integers, floats);
  }

  /** A new tensor in kernel memory; its contents are undefined. */
  output(shape: number[], dtype: "float32" | "bool" = "float32"): tf.TensorInfo {
    const [address, view] = this.#allocate(dtype, tf.util.sizeFromShape(shape));
    const info = this.makeTensorInfo(shape, dtype, view);
    this.#addresses.set(info.dataId, address);
    return info;
  }

  /** Whether a tensor's values are already in kernel memory. */
  isInKernelMemory({ dataId }: tf.TensorInfo): boolean {
    return this.#addresses.has(dataId);
  }

  /** A tensor's stored values: not a copy, so do not keep them. */
  values({ dataId }: tf.TensorInfo): tf.TypedArray {
    return this.data.get(dataId).values as tf.TypedArray;
  }

  /**
   * Copies a tensor's values if they are a view of another tensor's kernel memory, which may be
   * freed first: the stock slice kernels return such views.
   */
  ownValues(dataId: tf.DataId): void {
    const data = this.data.get(dataId);
    const values = data?.values as Partial<Float32Array> | undefined;
    if (values?.buffer !== this.pool.memory.memory.buffer || this.#addresses.has(dataId)) return;
    data.values = (values as Float32Array).slice();
  }

  /** The address of at least `length` zeros. */
  zeros(length: number): number {
    if (this.#zeros === undefined || this.#zeros.length < length) {
      if (this.#zeros) this.pool.memory.free(this.#zeros.address);
      this.#zeros = { address: this.pool.memory.allocate(length * 4), length };
      this.pool.memory.floats(this.#zeros.address, length).fill(0);
    }
    return this.#zeros.address;
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    const gone = super.disposeData(dataId, force);
    const address = this.#addresses.get(dataId);
    if (gone && address !== undefined) {
      this.#addresses.delete(dataId);
      this.pool.memory.free(address);
    }
    return gone;
  }

  /** A copy of a tensor's values: the view itself would change once the tensor is disposed. */
  override readSync(dataId: tf.DataId): tf.backend_util.BackendValues {
    const values = super.readSync(dataId);
    return this.#addresses.has(dataId) ? (values as Float32Array).slice() : values;
  }

  override read(dataId: tf.DataId): Promise<tf.backend_util.BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  override memory(): { unreliable: boolean; reasons: string[]; bytesInUse: number } {
    return { unreliable: false, reasons: [], bytesInUse: this.pool.memory.bytesInUse };
  }

  override dispose(): void {
    this.pool.stop();
    super.dispose();
  }

  #allocate(dtype: tf.DataType, length: number): [number, Float32Array | Uint8Array] {
    const { memory } = this.pool;
    switch (dtype) {
      case "float32": {
        const address = memory.allocate(length * 4);
        return [address, memory.floats(address, length)];
      }
      case "bool": {
        const address = memory.allocate(length);
        return [address, memory.bytes(address, length)];
      }
      default:
        throw new Error(`the simd kernels take float32 and bool, not ${dtype}`);
    }
  }
}
