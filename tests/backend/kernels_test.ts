import * as tf from "@tensorflow/tfjs-core";
import type { AdamParameter } from "../../src/backend/kernels/adam_update.ts";
import { adamStep, batchNormInference, batchNormTraining } from "../../src/backend/operations.ts";
import { assertClose, changed, normal, valuesOnCpu, valuesOnSimd } from "./on_backends.ts";

const TOLERANCE = 1e-5;

async function agree(what: string, compute: () => tf.Tensor[]): Promise<void> {
  assertClose(await valuesOnSimd(compute), await valuesOnCpu(compute), TOLERANCE, what);
}

/** The value of `f` and its gradients for a seeded dy. */
function withGradients(f: (...x: tf.Tensor[]) => tf.Tensor, x: tf.Tensor[]): tf.Tensor[] {
  const y = f(...x);
  return [y, ...tf.grads(f)(x, normal(y.shape, 99))];
}

interface ConvolutionCase {
  readonly x: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly stride: number | [number, number];
  readonly pad: "same" | "valid" | number;
}

const CONVOLUTIONS: ConvolutionCase[] = [
  { x: [1, 1, 1, 1], filter: [1, 1, 1, 1], stride: 1, pad: 0 },
  { x: [1, 5, 4, 3], filter: [3, 3, 3, 5], stride: 1, pad: 1 },
  { x: [1, 1, 9, 6], filter: [3, 3, 6, 7], stride: 1, pad: 1 },
  { x: [2, 7, 1, 4], filter: [3, 3, 4, 9], stride: 2, pad: 1 },
  { x: [3, 7, 5, 5], filter: [3, 3, 5, 3], stride: 2, pad: 1 },
  { x: [6, 6, 6, 8], filter: [3, 3, 8, 16], stride: 2, pad: 1 },
  { x: [7, 5, 5, 13], filter: [3, 3, 13, 11], stride: 1, pad: 1 },
  { x: [13, 4, 4, 12], filter: [3, 3, 12, 8], stride: 1, pad: 1 },
  { x: [6, 5, 7, 4], filter: [1, 1, 4, 6], stride: 2, pad: 0 },
  { x: [2, 8, 9, 2], filter: [5, 4, 2, 3], stride: [3, 2], pad: "same" },
  { x: [8, 6, 11, 3], filter: [2, 5, 3, 4], stride: [1, 3], pad: "valid" },
  { x: [1, 3, 3, 2], filter: [3, 3, 2, 2], stride: 1, pad: 4 },
  // All taps but one, or but four, meet the padding alone.
  { x: [7, 1, 1, 20], filter: [3, 3, 20, 18], stride: 1, pad: 1 },
  { x: [7, 2, 1, 5], filter: [5, 4, 5, 6], stride: 2, pad: 3 },
  { x: [2, 2, 2, 300], filter: [3, 3, 300, 10], stride: 1, pad: 1 },
  // Large enough for Winograd's algorithm, with whole tiles and with parts of tiles, with fewer and
  // with more channels than tiles.
  { x: [2, 16, 16, 32], filter: [3, 3, 32, 32], stride: 1, pad: 1 },
  { x: [3, 9, 13, 32], filter: [3, 3, 32, 40], stride: 1, pad: 1 },
  { x: [1, 4, 30, 40], filter: [3, 3, 40, 32], stride: 1, pad: 1 },
  { x: [1, 40, 66, 7], filter: [3, 3, 7, 9], stride: 1, pad: 1 },
];

for (const { x, filter, stride, pad } of CONVOLUTIONS) {
  const name = `${x.join("x")} by ${filter.join("x")}, stride ${stride}, pad ${pad}`;
  Deno.test(`a convolution and its gradients agree with the cpu backend: ${name}`, async () => {
    await agree(
      name,
      () =>
        withGradients(
          (x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad),
          [normal(x, 1), normal(filter, 2)],
        ),
    );
  });
}

Deno.test("a dilated convolution is left to the cpu kernel and comes out right", async () => {
  await agree("dilation 2", () => [
    tf.conv2d(
      normal([2, 7, 7, 3], 1) as tf.Tensor4D,
      normal([3, 3, 3, 4], 2) as tf.Tensor4D,
      1,
      "same",
      "NHWC",
      2,
    ),
  ]);
});

const PRODUCTS: [number, number, number][] = [[1, 1, 1], [5, 3, 2], [6, 16, 8], [48, 37, 13]];

for (const [rows, inner, columns] of PRODUCTS) {
  const name = `${rows}x${inner} by ${inner}x${columns}`;
  Deno.test(`matrix products, transposed or not, agree with the cpu backend: ${name}`, async () => {
    await agree(name, () => {
      const a = normal([rows, inner], 1);
      const b = normal([inner, columns], 2);
      return [
        ...withGradients((a, b) => tf.matMul(a, b), [a, b]),
        tf.matMul(tf.transpose(a), b, true, false),
        tf.matMul(a, tf.transpose(b), false, true),
        tf.matMul(tf.transpose(a), tf.transpose(b), true, true),
      ];
    });
  });
}

const POOLS: {
  x: [number, number, number, number];
  window: number | [number, number];
  stride: number;
  pad: "same" | "valid" | number;
}[] = [
  { x: [1, 1, 1, 1], window: 1, stride: 1, pad: 0 },
  { x: [2, 7, 5, 3], window: 3, stride: 2, pad: 1 },
  { x: [3, 8, 8, 6], window: 3, stride: 2, pad: 1 },
  { x: [1, 1, 6, 5], window: 2, stride: 2, pad: "same" },
  { x: [2, 7, 5, 9], window: 2, stride: 2, pad: "same" },
  { x: [5, 4, 3, 7], window: [4, 3], stride: 1, pad: "valid" },
];

for (const { x, window, stride, pad } of POOLS) {
  const name = `${x.join("x")}, window ${window}, stride ${stride}, pad ${pad}`;
  Deno.test(`pools and their gradients agree with the cpu backend: ${name}`, async () => {
    await agree(name, () => {
      const input = [normal(x, 1)];
      return [
        ...withGradients((x) => tf.maxPool(x as tf.Tensor4D, window, stride, pad), input),
        tf.avgPool(input[0] as tf.Tensor4D, window, stride, pad),
      ];
    });
  });
}

Deno.test("the gradient of an average pool is that of its values, padding not counted", async () => {
  // The pool is linear: dx is the transposed map, found by pooling one unit picture per pixel. (The
  // stock cpu kernel divides by the whole window even where part of it lies in the padding.)
  const [height, width] = [5, 3];
  const pool = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, 2, 2, "same");
  const [gradient] = await valuesOnSimd(() => [
    tf.grad(pool)(tf.zeros([1, height, width, 1]), normal([1, 3, 2, 1], 5)),
  ]);
  const [transposed] = await valuesOnCpu(() => {
    const units = tf.reshape(tf.eye(height * width), [height * width, height, width, 1]);
    const rows = tf.reshape(pool(units), [height * width, 6]);
    return [tf.matMul(rows, tf.reshape(normal([1, 3, 2, 1], 5), [6, 1]))];
  });
  assertClose([gradient!], [transposed!], TOLERANCE, "average pool gradient");
});

Deno.test("among equal values max pooling gives the gradient to the first", async () => {
  const gradient = () => [
    tf.grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 0))(
      tf.ones([1, 2, 2, 5]),
      tf.fill([1, 1, 1, 5], 3),
    ),
  ];
  const expected = new Float32Array(20).fill(3, 0, 5);
  assertClose(await valuesOnSimd(gradient), [expected], 0, "ties");
});

for (
  const shape of [[1, 1, 1, 1], [3, 1, 1, 5], [4, 3, 3, 6], [2, 5, 4, 19], [9, 33], [70, 33, 2, 17]]
) {
  Deno.test(`fused batch norms and their gradients agree with the cpu backend: ${shape.join("x")}`, async () => {
    await agree(shape.join("x"), () => {
      const channels = shape.at(-1)!;
      const x = tf.add(normal(shape, 1), 3);
      const gamma = tf.add(normal([channels], 2), 1) as tf.Tensor1D;
      const beta = normal([channels], 3) as tf.Tensor1D;
      const residual = normal(shape, 4);
      const epsilon = 1e-2;
      return [
        ...(x.size > channels ? runningAverages(x, gamma, beta, 0.25) : []),
        ...withGradients(
          (x, gamma, beta) =>
            batchNormTraining(x, gamma as tf.Tensor1D, beta as tf.Tensor1D, epsilon),
          [x, gamma, beta],
        ),
        ...withGradients(
          (x, gamma, beta) =>
            batchNormTraining(x, gamma as tf.Tensor1D, beta as tf.Tensor1D, epsilon, {
              relu: true,
            }),
          [x, gamma, beta],
        ),
        ...withGradients(
          (x, gamma, beta, residual) =>
            batchNormTraining(x, gamma as tf.Tensor1D, beta as tf.Tensor1D, epsilon, {
              residual,
              relu: true,
            }),
          [x, gamma, beta, residual],
        ),
        batchNormInference(x, beta, tf.square(gamma), gamma, beta, epsilon, { residual }),
        batchNormInference(x, beta, tf.square(gamma), gamma, beta, epsilon, { relu: true }),
      ];
    });
  });
}

Deno.test("the batch variance of values far from zero keeps its digits", async () => {
  const x = Array.from({ length: 4000 }, (_, i) => 10000 + (i % 4));
  const statistics = () => {
    const channel = [tf.ones([1]), tf.zeros([1])] as [tf.Tensor1D, tf.Tensor1D];
    return runningAverages(tf.tensor(x, [4000, 1]), ...channel, 1).slice(1);
  };
  const unbiased = new Float32Array([1.25 * 4000 / 3999]);
  assertClose(await valuesOnSimd(statistics), [unbiased], 1e-4, "variance");
});

Deno.test("the Adam step agrees with the cpu backend", async () => {
  for (const size of [1, 7, 20000]) {
    await agree(`${size} values`, () => {
      const start = [1, 2, 3].map((seed) => tf.abs(normal([size], seed)));
      return changed(start, (variables) => {
        adamStep([adamParameter(variables, normal([size], 4))]);
      });
    });
  }
});

Deno.test("one Adam step of many parameters is that of each, and leaves what shares their values", async () => {
  const sizes = [5, 40000, 1, 16384, 16385];
  await agree("many", () => {
    const start = sizes.flatMap((size, seed) =>
      [1, 2, 3].map((i) => tf.abs(normal([size], 10 * seed + i)))
    );
    const stepped = changed(start, (variables) => {
      adamStep(
        sizes.map((size, i) =>
          adamParameter(variables.slice(3 * i, 3 * i + 3), normal([size], 90 + i))
        ),
      );
    });
    return [...start, ...stepped];
  });
});

for (const shape of [[1], [5], [3, 7], [40000]]) {
  Deno.test(`sums, products and ReLUs agree with the cpu backend: ${shape.join("x")}`, async () => {
    await agree(shape.join("x"), () => {
      const a = normal(shape, 1);
      const b = normal(shape, 2);
      return [
        tf.add(a, b),
        tf.mul(a, b),
        tf.step(a),
        tf.step(a, 0.25),
        ...withGradients((x) => tf.relu(x), [a]),
        tf.add(a, tf.scalar(2)),
        tf.mul(a, tf.scalar(2)),
      ];
    });
  });
}

Deno.test("NaN stays NaN through sums, ReLU and batch norm", async () => {
  const compute = () => {
    const x = tf.tensor1d([NaN, -1, 2, 3, 4]);
    const one = tf.ones([1]) as tf.Tensor1D;
    return [
      tf.relu(x),
      tf.step(x),
      tf.add(x, x),
      batchNormTraining(tf.reshape(x, [5, 1]), one, one, 1e-5, { relu: true }),
    ];
  };
  const [relu, step, sum, normalised] = await valuesOnSimd(compute);
  const expected = [
    new Float32Array([NaN, 0, 2, 3, 4]),
    new Float32Array([NaN, 0, 1, 1, 1]),
    new Float32Array([NaN, -2, 4, 6, 8]),
    new Float32Array(5).fill(NaN),
  ];
  assertClose([relu!, step!, sum!, normalised!], expected, 0, "NaN");
});

/** Running averages that started at 0 and 1, after one batch. */
function runningAverages(
  x: tf.Tensor,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  momentum: number,
): tf.Tensor[] {
  return changed([tf.zeros(gamma.shape), tf.ones(gamma.shape)], (variables) => {
    const [mean, variance] = variables as [tf.Variable<tf.Rank.R1>, tf.Variable<tf.Rank.R1>];
    batchNormTraining(x, gamma, beta, 1e-2, {}, { mean, variance, momentum });
  });
}

function adamParameter(variables: tf.Variable[], gradient: tf.Tensor): AdamParameter {
  const [parameter, mean, squaredMean] = variables as [tf.Variable, tf.Variable, tf.Variable];
  const step = {
    learningRate: 1e-2,
    momentum: 0.9,
    squaredMomentum: 0.99,
    biasCorrection: 0.271,
    squaredBiasCorrection: 0.0297,
    epsilon: 1e-5,
    weightDecay: 0.01,
  };
  return { parameter, mean, squaredMean, gradient, step };
}
