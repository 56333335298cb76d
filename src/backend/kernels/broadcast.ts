/**
 * Two tensors broadcast to one shape.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/** The most axes of a job; the same in `wasm/assembly/binary.ts`. */
const AXES = 4;

/** The arguments of a job on two broadcast tensors. */
export interface Broadcast {
  readonly shape: number[];
  /** Number of values of the result. */
  readonly size: number;
  /**
   * The kernel's arguments: the sizes of the three inner axes, then each tensor's stride along each
   * axis, in values.
   */
  readonly axes: readonly number[];
}

/** An axis, and each tensor's stride along it, in values. */
interface Axis {
  size: number;
  a: number;
  b: number;
}

/**
 * Joins neighbouring axes along which each tensor is either repeated on both or on neither;
 * undefined if more than four remain.
 *
 * @throws {Error} if the shapes do not fit
 */
export function broadcast(a: number[], b: number[]): Broadcast | undefined {
  const shape = tf.backend_util.assertAndGetBroadcastShape(a, b);
  const size = tf.util.sizeFromShape(shape);
  const axes: Axis[] = [];
  let [aStride, bStride] = [1, 1];
  for (let fromLast = 1; fromLast <= shape.length; fromLast++) {
    const length = shape[shape.length - fromLast]!;
    if (length === 1) continue;
    const aLength = a[a.length - fromLast] ?? 1;
    const bLength = b[b.length - fromLast] ?? 1;
    const axis = {
      size: length,
      a: aLength === 1 ? 0 : aStride,
      b: bLength === 1 ? 0 : bStride,
    };
    aStride *= aLength;
    bStride *= bLength;
    const inner = axes[0];
    if (inner && (inner.a === 0) === (axis.a === 0) && (inner.b === 0) === (axis.b === 0)) {
      inner.size *= axis.size;
    } else axes.unshift(axis);
  }
  if (axes.length > AXES) return undefined;
  while (axes.length < AXES) axes.unshift({ size: 1, a: 1, b: 1 });
  const [outermost, second, third, inner] = axes as [Axis, Axis, Axis, Axis];
  return {
    shape,
    size,
    axes: [
      ...[second.size, third.size, inner.size],
      ...[outermost.a, second.a, third.a, inner.a],
      ...[outermost.b, second.b, third.b, inner.b],
    ],
  };
}
