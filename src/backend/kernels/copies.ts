/**
 * Kernels that only move values: parts, padding, concatenation, transposition, tiles.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";
import { axesOf, copied, copy, dot, stridesOf } from "./copy_block.ts";
import type { KernelCall } from "./simd_kernel.ts";

/** A part of x. */
export function slice(
  { inputs: { x }, backend, attrs }: KernelCall<"x", tf.SliceAttrs>,
): tf.TensorInfo | undefined {
  const parsed = tf.slice_util.parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size);
  const [begin, size] = parsed as [number[], number[]];
  tf.slice_util.assertParamsValid(x as tf.Tensor, begin, size);
  // A contiguous run, for example from a large data set: the stock kernel does not copy it.
  const isRun = tf.slice_util.isSliceContinous(x.shape, begin, size);
  if (isRun && !backend.isInKernelMemory(x)) return undefined;
  const from = stridesOf(x.shape);
  const axes = axesOf(size, from, stridesOf(size));
  return axes && copied(backend, x, size, axes, dot(begin, from));
}

/** x padded with a value. */
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

/** Tensors of one shape, stacked along a new axis. */
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

/** The parts of x along an axis, without that axis. */
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

/** Consecutive parts of the given sizes along an axis, in these shapes. */
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
