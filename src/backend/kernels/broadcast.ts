/**
 * Two tensors broadcast to one shape.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/** The most axes of a job; the same in `wasm/assembly/binary.ts`. */
const AXES = 4;

/** What a job of two broadcast tensors needs to know. */
export interface Broadcast {
  readonly shape: number[];
  /** Number of values of the result. */
  readonly size: number;
  /**
   * The kernel's arguments: the sizes of the three inner axes, then how many values of each tensor
   * lie between neighbours along each axis.
   */
  readonly axes: readonly number[];
}

/**
 * Joins neighbouring axes along which each tensor is repeated, or not repeated, alike; undefined if
 * more than four remain.
 *
 * @throws {Error} if the shapes do not fit
 */
export function broadcast(a: number[], b: number[]): Broadcast | undefined {
  const shape = tf.backend_util.assertAndGetBroadcastShape(a, b);
  const size = tf.util.sizeFromShape(shape);
  const axes: { size: number; a: number; b: number }[] = [];
  const strides = { a: 1, b: 1 };
  for (let fromLast = 1; fromLast <= shape.length; fromLast++) {
    const [length, aLength = 1, bLength = 1] = [shape, a, b].map((shape) => shape.at(-fromLast));
    if (length === 1) continue;
    const axis = {
      size: length!,
      a: aLength === 1 ? 0 : strides.a,
      b: bLength === 1 ? 0 : strides.b,
    };
    strides.a *= aLength;
    strides.b *= bLength;
    const inner = axes[0];
    if (inner && (inner.a === 0) === (axis.a === 0) && (inner.b === 0) === (axis.b === 0)) {
      inner.size *= axis.size;
    } else axes.unshift(axis);
  }
  if (axes.length > AXES) return undefined;
  while (axes.length < AXES) axes.unshift({ size: 1, a: 1, b: 1 });
  return {
    shape,
    size,
    axes: [
      ...axes.slice(1).map(({ size }) => size),
      ...axes.map(({ a }) => a),
      ...axes.map(({ b }) => b),
    ],
  };
}
