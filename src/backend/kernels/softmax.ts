import type * as tf from "@tensorflow/tfjs-core";
import type { KernelCall } from "./simd_kernel.ts";

/** Approximate number of values of one task. */
const CHUNK = 4096;

/** exp(x) over its sum along the last axis. */
export function softmax(
  { inputs: { logits }, backend, attrs: { dim } }: KernelCall<"logits", tf.SoftmaxAttrs>,
): tf.TensorInfo | undefined {
  const rank = logits.shape.length;
  if (rank === 0 || (dim !== -1 && dim !== rank - 1)) return undefined;
  const columns = logits.shape.at(-1)!;
  const rows = logits.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const rowsPerTask = Math.max(1, Math.floor(CHUNK / columns));
  const target = backend.output(logits.shape);
  const args = [logits, target, rows, columns, rowsPerTask];
  backend.run("softmax", Math.ceil(rows / rowsPerTask), args);
  return target;
}
