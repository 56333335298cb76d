/**
 * Kernels that only move values: parts, padding, concatenation, transposition, tiles, rows of
 * indices.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";
import type { KernelCall } from "./simd_kernel.ts";

/** The most axes of a job; the same in `wasm/assembly/copy.ts`. */
const AXES = 6;
/** Values of one task, about. */
const CHUNK = 16384;
const FLOAT = 4;

/** An axis of a block: its size, and how many values lie between neighbours along it. */
interface Axis {
  size: number;
  source: number;
  target: number;
}

/** A part of x. */
export function slice(
  { inputs: { x }, backend, attrs }: KernelCall<"x", tf.SliceAttrs>,
): tf.TensorInfo | undefined {
  const parsed = tf.slice_util.parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size);
  const [begin, size] = parsed as [number[], number[]];
  tf.slice_util.assertParamsValid(x as tf.Tensor, begin, size);
  const from = stridesOf(x.shape);
  const axes = axesOf(size, from, stridesOf(size));
  return axes && copied(backend, x, size, axes, dot(begin, from));
}

/** x with a value around it. */
export function pad(
  { inputs: { x }, backend, attrs: { paddings, constantValue } }: KernelCall<"x", tf.PadV2Attrs>,
): tf.TensorInfo | undefined {
  if (paddings.flat().some((size) => size < 0)) return undefined;
  const shape = x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]);
  const to = stridesOf(shape);
  const axes = axesOf(x.shape, stridesOf(x.shape), to);
  if (!axes) return undefined;
  const target = backend.output(shape);
  backend.values(target).fill(constantValue);
  copy(backend, x, target, axes, 0, dot(paddings.map(([before]) => before), to));
  return target;
}

/** Tensors one after the other along an axis. */
export function concat(
  { inputs, backend, attrs: { axis } }: {
    readonly inputs: tf.TensorInfo[];
    readonly backend: SimdBackend;
    readonly attrs: tf.ConcatAttrs;
  },
): tf.TensorInfo | undefined {
  const shapes = inputs.map(({ shape }) => shape);
  const [along] = tf.util.parseAxisParam(axis, shapes[0]!) as [number];
  tf.backend_util.assertParamsConsistent(shapes, along);
  const shape = tf.backend_util.computeOutShape(shapes, along);
  const outer = tf.util.sizeFromShape(shape.slice(0, along));
  const row = tf.util.sizeFromShape(shape.slice(along));
  const target = backend.output(shape);
  let offset = 0;
  for (const input of inputs) {
    const size = tf.util.sizeFromShape(input.shape.slice(along));
    copy(backend, input, target, axesOf([outer, size], [size, 1], [row, 1])!, 0, offset);
    offset += size;
  }
  return target;
}

/** Tensors of one shape as the parts of a new axis. */
export function pack(
  { inputs, backend, attrs: { axis } }: {
    readonly inputs: tf.TensorInfo[];
    readonly backend: SimdBackend;
    readonly attrs: tf.PackAttrs;
  },
): tf.TensorInfo | undefined {
  const { shape } = inputs[0]!;
  if (!inputs.every((input) => tf.util.arraysEqual(input.shape, shape))) return undefined;
  const along = axis < 0 ? axis + shape.length + 1 : axis;
  const inner = tf.util.sizeFromShape(shape.slice(along));
  const outer = tf.util.sizeFromShape(shape) / inner;
  const row = inputs.length * inner;
  const target = backend.output([...shape.slice(0, along), inputs.length, ...shape.slice(along)]);
  inputs.forEach((input, index) => {
    const axes = axesOf([outer, inner], [inner, 1], [row, 1])!;
    copy(backend, input, target, axes, 0, index * inner);
  });
  return target;
}

/** The parts of x along an axis, without it. */
export function unpack(
  { inputs: { value }, backend, attrs: { axis } }: KernelCall<"value", tf.UnpackAttrs>,
): tf.TensorInfo[] {
  const along = axis < 0 ? axis + value.shape.length : axis;
  const shape = value.shape.filter((_, i) => i !== along);
  const sizes = new Array<number>(value.shape[along]!).fill(1);
  return parts(backend, value, along, sizes, sizes.map(() => shape));
}

/** x in parts along an axis. */
export function split(
  { inputs: { x }, backend, attrs: { axis, numOrSizeSplits } }: KernelCall<"x", tf.SplitVAttrs>,
): tf.TensorInfo[] {
  const [along] = tf.util.parseAxisParam(axis, x.shape) as [number];
  const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits, along);
  return parts(backend, x, along, sizes, sizes.map((size) => x.shape.with(along, size)));
}

/** Parts of so many values along an axis, one after the other, in these shapes. */
function parts(
  backend: SimdBackend,
  x: tf.TensorInfo,
  along: number,
  sizes: readonly number[],
  shapes: readonly number[][],
): tf.TensorInfo[] {
  const outer = tf.util.sizeFromShape(x.shape.slice(0, along));
  const inner = tf.util.sizeFromShape(x.shape.slice(along + 1));
  const row = x.shape[along]! * inner;
  let offset = 0;
  return sizes.map((size, index) => {
    const width = size * inner;
    const axes = axesOf([outer, width], [row, 1], [width, 1])!;
    const part = copied(backend, x, shapes[index]!, axes, offset);
    offset += width;
    return part;
  });
}

/** Axes in another order. */
export function transpose(
  { inputs: { x }, backend, attrs: { perm } }: KernelCall<"x", tf.TransposeAttrs>,
): tf.TensorInfo | undefined {
  const shape = perm.map((axis) => x.shape[axis]!);
  const strides = stridesOf(x.shape);
  const axes = axesOf(shape, perm.map((axis) => strides[axis]!), stridesOf(shape));
  return axes && copied(backend, x, shape, axes);
}

/** x several times along each axis. */
export function tile(
  { inputs: { x }, backend, attrs: { reps } }: KernelCall<"x", tf.TileAttrs>,
): tf.TensorInfo | undefined {
  if (reps.includes(0)) return undefined;
  const shape = x.shape.map((size, axis) => size * reps[axis]!);
  const [from, to] = [stridesOf(x.shape), stridesOf(shape)];
  const axes = axesOf(
    x.shape.flatMap((size, axis) => [reps[axis]!, size]),
    from.flatMap((stride) => [0, stride]),
    to.flatMap((stride, axis) => [stride * x.shape[axis]!, stride]),
  );
  return axes && copied(backend, x, shape, axes);
}

/** Parts of x along an axis, by int32 indices; batches are left to the stock kernel. */
export function gather(
  { inputs: { x, indices }, backend, attrs: { axis, batchDims = 0 } }: KernelCall<
    "x" | "indices",
    tf.GatherV2Attrs
  >,
): tf.TensorInfo | undefined {
  if (batchDims !== 0) return undefined;
  const [along] = tf.util.parseAxisParam(axis, x.shape) as [number];
  const size = x.shape[along]!;
  const wanted = backend.values(indices);
  // The stock kernel says what is wrong with an index.
  if (wanted.some((index) => !(index >= 0 && index < size))) return undefined;
  const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
  const outer = tf.util.sizeFromShape(x.shape.slice(0, along));
  const inner = tf.util.sizeFromShape(x.shape.slice(along + 1));
  const rows = outer * wanted.length;
  const rowsPerTask = Math.max(1, Math.floor(CHUNK / inner));
  const target = backend.output(shape);
  const { memory } = backend.pool;
  memory.using(wanted.length * FLOAT, (address) => {
    new Int32Array(memory.memory.buffer, address, wanted.length).set(wanted);
    backend.run("gather", Math.ceil(rows / rowsPerTask), [
      ...[x, address, target, rows, rowsPerTask],
      ...[size, wanted.length, inner],
    ]);
  });
  return target;
}

function copied(
  backend: SimdBackend,
  source: tf.TensorInfo,
  shape: number[],
  axes: Axis[],
  sourceOffset = 0,
): tf.TensorInfo {
  const target = backend.output(shape);
  copy(backend, source, target, axes, sourceOffset);
  return target;
}

/** Copies a block whose first values are so many values behind the tensors' beginnings. */
function copy(
  backend: SimdBackend,
  source: tf.TensorInfo,
  target: tf.TensorInfo,
  axes: Axis[],
  sourceOffset = 0,
  targetOffset = 0,
): void {
  const inner = axes.at(-1)!.size;
  const rows = axes.reduce((product, { size }) => product * size, 1) / inner;
  const rowsPerTask = Math.max(1, Math.floor(CHUNK / inner));
  backend.run("copyBlock", Math.ceil(rows / rowsPerTask), [
    backend.address(source) + sourceOffset * FLOAT,
    backend.address(target) + targetOffset * FLOAT,
    ...[rows, rowsPerTask],
    ...axes.map(({ size }) => size),
    ...axes.map(({ source }) => source),
    ...axes.map(({ target }) => target),
  ]);
}

/** Joins axes that lie alike in both tensors; undefined if more than six remain. */
function axesOf(sizes: number[], source: number[], target: number[]): Axis[] | undefined {
  const axes: Axis[] = [];
  for (let i = sizes.length - 1; i >= 0; i--) {
    const axis = { size: sizes[i]!, source: source[i]!, target: target[i]! };
    const inner = axes[0];
    if (axis.size === 1) continue;
    if (
      inner && axis.source === inner.source * inner.size &&
      axis.target === inner.target * inner.size
    ) inner.size *= axis.size;
    else axes.unshift(axis);
  }
  if (axes.length > AXES) return undefined;
  if (axes.length === 0) axes.push({ size: 1, source: 1, target: 1 });
  while (axes.length < AXES) axes.unshift({ size: 1, source: 0, target: 0 });
  return axes;
}

/** How many values lie between neighbours along each axis, the last included. */
function stridesOf(shape: number[]): number[] {
  return shape.map((_, axis) => tf.util.sizeFromShape(shape.slice(axis + 1)));
}

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
