/**
 * Copying blocks of values between tensors with different strides.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";
import { FLOAT } from "./convolution_sizes.ts";

/** The most axes of a job; the same in `wasm/assembly/copy.ts`. */
const AXES = 6;
/** Approximate number of values of one task. */
export const CHUNK = 16384;

/** An axis of a block: its size, and its strides in both tensors, in values. */
export interface Axis {
  size: number;
  source: number;
  target: number;
}

/** A new tensor of the given shape, with a block copied to it. */
export function copied(
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

/** Copies a block; the offsets are those of its first value in each tensor, in values. */
export function copy(
  backend: SimdBackend,
  source: tf.TensorInfo,
  target: tf.TensorInfo,
  axes: Axis[],
  sourceOffset = 0,
  targetOffset = 0,
): void {
  if (axes.some(({ size }) => size === 0)) return;
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

/** Joins axes that are contiguous in both tensors; undefined if more than six remain. */
export function axesOf(sizes: number[], source: number[], target: number[]): Axis[] | undefined {
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

/** The stride along each axis, including the last, in values. */
export function stridesOf(shape: number[]): number[] {
  return shape.map((_, axis) => tf.util.sizeFromShape(shape.slice(axis + 1)));
}

/** The offset of an index, given the strides. */
export function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
