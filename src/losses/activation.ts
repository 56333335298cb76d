/**
 * Activations: from logits to scores. Pure.
 *
 * @module
 */
/**
 * Softmax turns the logits of all outputs into shares; the sigmoid scores each output separately.
 */
export type Activation = "softmax" | "sigmoid";

/**
 * The C logits of one picture as scores in [0, 1], in 64 bits and without a backend; finite for
 * finite logits of any size.
 */
export function activated(logits: ArrayLike<number>, activation: Activation): number[] {
  const values = Array.from(logits);
  return activation === "softmax" ? softmax(values) : values.map(sigmoid);
}

/** The highest logit is subtracted first, so that no exponential overflows. */
function softmax(logits: readonly number[]): number[] {
  const highest = Math.max(...logits);
  const exponentials = logits.map((logit) => Math.exp(logit - highest));
  const sum = exponentials.reduce((total, exponential) => total + exponential, 0);
  return exponentials.map((exponential) => exponential / sum);
}

/** Low logits use their own exponential, so that their scores keep all digits. */
function sigmoid(logit: number): number {
  if (logit >= 0) return 1 / (1 + Math.exp(-logit));
  const exponential = Math.exp(logit);
  return exponential / (1 + exponential);
}
