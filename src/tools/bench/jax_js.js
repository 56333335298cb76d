/**
 * The plain model and its training in jax-js, which computes in WebAssembly like `simd`. Plain
 * JavaScript, because jax-js is not a dependency of this project, so its types are missing.
 *
 * Operations of jax-js consume their arrays: every use except the last needs `ref`.
 *
 * @module
 */
import { resolve, toFileUrl } from "@std/path";
import { BATCH_SIZE, CLASSES, SIDE } from "./plain_model.ts";

/** Tfjs's settings of Adam. */
const ADAM = { learningRate: 1e-3, momentum: 0.9, squaredMomentum: 0.999, epsilon: 1e-7 };

/** Filters, biases and weights of `plain_model.ts`, with the axes in jax-js's order. */
const SHAPES = [
  [16, 1, 3, 3],
  [16, 1, 1],
  [32, 16, 3, 3],
  [32, 1, 1],
  [32 * 12 * 12, 64],
  [64],
  [64, CLASSES],
  [CLASSES],
];

/**
 * Loads jax-js from where the user has installed it.
 *
 * @param path path of its main file
 * @throws {Error} if it cannot be loaded
 */
export async function loadJaxJs(path) {
  try {
    return await import(toFileUrl(resolve(path)).href);
  } catch (error) {
    throw new Error(
      `--jax-js ${path}: cannot be loaded (${error.message}); run npm install @jax-js/jax in a ` +
        "folder of your own, and give node_modules/@jax-js/jax/dist/index.js there",
    );
  }
}

/**
 * Pictures per second of training steps, and the losses of all steps. The speed excludes the first
 * steps, in which jax-js compiles.
 *
 * @param jax the result of {@linkcode loadJaxJs}
 */
export async function measureJaxJs(jax, batches, warmUp = 2) {
  const { lax, nn, numpy: np, random } = jax;
  await jax.init("wasm");
  jax.defaultDevice("wasm");

  const logitsOf = ([filter1, bias1, filter2, bias2, weights3, bias3, weights4, bias4], x) => {
    const first = nn.relu(lax.conv(x, filter1, [1, 1], "VALID").add(bias1));
    const second = nn.relu(lax.conv(first, filter2, [1, 1], "VALID").add(bias2));
    const pooled = lax.reduceWindow(second, np.max, [2, 2], [2, 2]).reshape([BATCH_SIZE, -1]);
    return np.dot(nn.relu(np.dot(pooled, weights3).add(bias3)), weights4).add(bias4);
  };
  const lossOf = (parameters, pictures, targets) =>
    nn.logSoftmax(logitsOf(parameters, pictures)).mul(targets).sum().mul(-1 / BATCH_SIZE);

  const { learningRate, momentum, squaredMomentum, epsilon } = ADAM;
  const step = jax.jit((parameters, means, squaredMeans, correction, pictures, targets) => {
    const kept = parameters.map((parameter) => parameter.ref);
    const [loss, gradients] = jax.valueAndGrad(lossOf)(parameters, pictures, targets);
    const m = means.map((mean, i) => mean.mul(momentum).add(gradients[i].ref.mul(1 - momentum)));
    const v = squaredMeans.map((mean, i) =>
      mean.mul(squaredMomentum).add(np.square(gradients[i]).mul(1 - squaredMomentum))
    );
    const updated = kept.map((parameter, i) => {
      const change = m[i].ref.div(np.sqrt(v[i].ref).add(epsilon));
      return parameter.sub(change.mul(correction.ref).mul(learningRate));
    });
    correction.dispose();
    return [loss, updated, m, v];
  });

  const zeros = () => SHAPES.map((shape) => np.zeros(shape));
  let parameters = SHAPES.map((shape, i) => random.uniform(random.key(i), shape).sub(0.5).mul(0.1));
  let [means, squaredMeans] = [zeros(), zeros()];
  const pictures = random.uniform(random.key(9), [BATCH_SIZE, 1, SIDE, SIDE]);
  const oneHot = (label) => Array.from({ length: CLASSES }, (_, i) => i === label ? 1 : 0);
  const targets = np.array(Array.from({ length: BATCH_SIZE }, (_, i) => oneHot(i % CLASSES)));
  const losses = [];
  let start = 0;
  for (let done = 0; done < warmUp + batches; done++) {
    if (done === warmUp) start = performance.now();
    const t = done + 1;
    const correction = np.array(Math.sqrt(1 - squaredMomentum ** t) / (1 - momentum ** t));
    let loss;
    [loss, parameters, means, squaredMeans] = step(
      parameters,
      means,
      squaredMeans,
      correction,
      pictures.ref,
      targets.ref,
    );
    losses.push(await loss.jsAsync());
    await jax.blockUntilReady(parameters);
  }
  const picturesPerSecond = batches * BATCH_SIZE / ((performance.now() - start) / 1000);
  return { picturesPerSecond, losses };
}
