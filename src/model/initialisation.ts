/**
 * What the parameters of a network start from.
 *
 * @module
 */
import { randomStream } from "../random.ts";

/**
 * Values from a normal distribution with mean 0 and variance `2 / fanIn`, which keeps the variance
 * of the activations through layers that end in a ReLU. Drawn by the Box-Muller transform.
 *
 * Source: He et al., "Delving Deep into Rectifiers" (2015), fan in.
 *
 * @param shape of a convolution's filter, [height, width, in, out], or a linear layer's weights,
 *   [in, out]
 * @param seed of the training run
 * @param name of the parameter; parameters of different names get different values
 */
export function kaimingNormal(shape: readonly number[], seed: number, name: string): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const fanIn = size / shape[shape.length - 1]!;
  const deviation = Math.sqrt(2 / fanIn);
  const uniform = randomStream("initialisation", seed, name);
  const values = new Float32Array(size);
  for (let i = 0; i < size; i += 2) {
    // 1 - u lies in (0, 1], where the logarithm is finite.
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < size) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}
