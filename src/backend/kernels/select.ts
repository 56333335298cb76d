/**
 * Choosing by masks.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { KernelCall } from "./simd_kernel.ts";

/** Values of one task; the same in `wasm/assembly/select.ts`. */
const CHUNK = 16384;

/** t where the condition is true, else e; all of one shape. */
export function select(
  { inputs: { condition, t, e }, backend }: KernelCall<"condition" | "t" | "e">,
): tf.TensorInfo | undefined {
  const isPlain = tf.util.arraysEqual(condition.shape, t.shape) &&
    tf.util.arraysEqual(e.shape, t.shape);
  if (!isPlain) return undefined;
  const size = tf.util.sizeFromShape(t.shape);
  const target = backend.output(t.shape);
  backend.run("select", Math.ceil(size / CHUNK), [condition, t, e, target, size]);
  return target;
}

/** Whether both are true; of one shape. */
export function logicalAnd(
  { inputs: { a, b }, backend }: KernelCall<"a" | "b">,
): tf.TensorInfo | undefined {
  if (!tf.util.arraysEqual(a.shape, b.shape)) return undefined;
  const size = tf.util.sizeFromShape(a.shape);
  const target = backend.output(a.shape, "bool");
  backend.run("logicalAnd", Math.ceil(size / CHUNK), [a, b, 0, target, size]);
  return target;
}
