/**
 * What a kernel of the `simd` backend is.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";

/** What a kernel with inputs of these names, and perhaps of the optional ones, is called with. */
export interface KernelCall<
  Inputs extends string,
  Attributes = unknown,
  Optional extends string = never,
> {
  /** All float32, but for those that `register.ts` names; none is empty. */
  readonly inputs: Readonly<
    Record<Inputs, tf.TensorInfo> & Partial<Record<Optional, tf.TensorInfo>>
  >;
  readonly backend: SimdBackend;
  readonly attrs: Attributes;
}

/** Takes a {@linkcode KernelCall}; `undefined` leaves the call to the stock cpu kernel. */
export type SimdKernel = (call: never) => tf.TensorInfo | tf.TensorInfo[] | undefined;
