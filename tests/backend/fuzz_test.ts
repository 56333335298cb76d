import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { adamStep, batchNormInference, batchNormTraining } from "../../src/backend/operations.ts";
import { randomStream } from "../../src/random.ts";
import { guard } from "./guarded_memory.ts";
import { assertClose, changed, normal, onSimd, valuesOnCpu } from "./on_backends.ts";

/** Draws whole numbers from `low` to `high`. */
type Draw = (low: number, high: number) => number;

/** A random case of an operation: a description, and what to compute. */
type Case = (draw: Draw) => readonly [string, () => tf.Tensor[]];

const CASES: Readonly<Record<string, Case>> = {
  convolution(draw) {
    const [filterHeight, filterWidth] = [draw(1, 4), draw(1, 4)];
    const stride: [number, number] = [draw(1, 3), draw(1, 3)];
    const pad = draw(0, 2);
    // As small as one pixel, where most taps fall into the padding.
    const side = (taps: number) => draw(Math.max(1, taps - 2 * pad), draw(1, 2) === 1 ? 4 : 12);
    const x = [draw(1, 14), side(filterHeight), side(filterWidth), draw(1, 40)];
    const filter = [filterHeight, filterWidth, x[3]!, draw(1, 40)];
    const f = (x: tf.Tensor, w: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad, "NHWC", 1, "floor");
    return [
      `${x} by ${filter}, stride ${stride}, pad ${pad}`,
      () => withGradients(f, [normal(x, 1), normal(filter, 2)]),
    ];
  },
  "convolution by Winograd's algorithm"(draw) {
    const x = [draw(1, 7), draw(4, 12), draw(4, 12), 8 * draw(4, 5)];
    const filter = [3, 3, x[3]!, 8 * draw(4, 6)];
    const f = (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 1);
    return [`${x} by ${filter}`, () => withGradients(f, [normal(x, 1), normal(filter, 2)])];
  },
  "matrix product"(draw) {
    const [rows, inner, columns] = [draw(1, 60), draw(1, 60), draw(1, 60)];
    return [
      `${rows}x${inner} by ${inner}x${columns}`,
      () =>
        withGradients((a, b) => tf.matMul(a, b), [
          normal([rows, inner], 1),
          normal([inner, columns], 2),
        ]),
    ];
  },
  "products of batches"(draw) {
    const [batches, rows, inner, columns] = [draw(2, 9), draw(1, 20), draw(1, 20), draw(1, 40)];
    return [
      `${batches}: ${rows}x${inner} by ${inner}x${columns}`,
      () =>
        withGradients((a, b) => tf.matMul(a, b), [
          normal([batches, rows, inner], 1),
          normal([batches, inner, columns], 2),
        ]),
    ];
  },
  pool(draw) {
    // Squares: tfjs works out both sides of a padded pool with window and stride of the height.
    const window = draw(1, 4);
    const stride = draw(1, 3);
    const pad = draw(0, window - 1);
    const x = [draw(1, 5), draw(window, 12), draw(window, 12), draw(1, 40)];
    return [`${x}, window ${window}, stride ${stride}, pad ${pad}`, () => [
      ...withGradients(
        (x) => tf.maxPool(x as tf.Tensor4D, window, stride, pad, "floor"),
        [normal(x, 1)],
      ),
      tf.avgPool(normal(x, 1) as tf.Tensor4D, window, stride, pad, "floor"),
      tf.grad((x) => tf.avgPool(x as tf.Tensor4D, window, stride, 0, "floor"))(normal(x, 1)),
    ]];
  },
  "batch norm"(draw) {
    const shape = [draw(2, 9), draw(1, 9), draw(1, 9), draw(1, 50)];
    const relu = draw(0, 1) === 1;
    return [`${shape}, relu ${relu}`, () => {
      const [gamma, beta] = [2, 3].map((seed) => normal([shape[3]!], seed)) as [
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      const residual = normal(shape, 4);
      const norm = (
        x: tf.Tensor,
        gamma: tf.Tensor,
        beta: tf.Tensor,
        residual: tf.Tensor,
      ) => batchNormTraining(x, gamma as tf.Tensor1D, beta as tf.Tensor1D, 0.1, { residual, relu });
      const x = normal(shape, 1);
      return [
        ...withGradients(norm, [x, gamma, beta, residual]),
        batchNormInference(x, beta, tf.square(gamma), gamma, beta, 0.1, { relu }),
      ];
    }];
  },
  elementwise(draw) {
    const size = draw(1, 40000);
    return [`${size} values`, () => {
      const [a, b] = [normal([size], 1), normal([size], 2)];
      const step = {
        learningRate: 0.01,
        momentum: 0.9,
        squaredMomentum: 0.99,
        biasCorrection: 0.5,
        squaredBiasCorrection: 0.5,
        epsilon: 1e-3,
        weightDecay: 0.01,
      };
      const stepped = changed([a, b, tf.abs(a)], (variables) => {
        const [parameter, mean, squaredMean] = variables as [tf.Variable, tf.Variable, tf.Variable];
        adamStep([{ parameter, mean, squaredMean, gradient: b, step }]);
      });
      return [tf.add(a, b), tf.mul(a, b), tf.relu(a), tf.step(a), ...stepped];
    }];
  },
  broadcasting(draw) {
    const shape = Array.from({ length: draw(1, 4) }, () => draw(1, 9));
    shape[shape.length - 1] = draw(1, 300);
    const [a, b] = [0, 1].map(() => shape.map((size) => draw(0, 2) === 0 ? 1 : size));
    return [`${a} and ${b}`, () => {
      const [x, y] = [normal(a!, 1), normal(b!, 2)];
      const mask = tf.greater(x, y);
      return [
        ...withGradients(tf.mul, [x, y]),
        ...[tf.sub(x, y), tf.squaredDifference(x, y), tf.maximum(x, y)],
        ...[tf.cast(mask, "float32"), tf.cast(tf.logicalAnd(mask, tf.less(x, y)), "float32")],
        tf.where(mask, tf.add(x, y), tf.zerosLike(mask.toFloat())),
      ];
    }];
  },
  "one tensor"(draw) {
    const size = draw(1, 40000);
    return [`${size} values`, () => {
      const x = normal([size], 1);
      return [tf.exp(x), tf.log1p(tf.abs(x)), tf.tanh(x), tf.sigmoid(x), tf.clipByValue(x, -1, 1)];
    }];
  },
  reduction(draw) {
    const shape = Array.from({ length: draw(1, 5) }, () => draw(1, 12));
    shape[draw(0, shape.length - 1)] = draw(1, 500);
    const axes = shape.map((_, axis) => axis).filter(() => draw(0, 1) === 1);
    return [`${shape} along ${axes}`, () => {
      const x = normal(shape, 1);
      const along = axes.length > 0 ? axes : undefined;
      return [
        tf.sum(x, along),
        tf.mean(x, along),
        tf.max(x, along),
        tf.min(x, along),
        tf.softmax(x),
      ];
    }];
  },
  copy(draw) {
    const shape = Array.from({ length: draw(1, 4) }, () => draw(1, 12));
    const begin = shape.map((size) => draw(0, size - 1));
    const size = shape.map((size, axis) => draw(1, size - begin[axis]!));
    const order = shape.map((_, axis) => axis);
    if (draw(0, 1) === 1) order.reverse();
    const paddings = shape.map(() => [draw(0, 3), draw(0, 3)] as [number, number]);
    const axis = draw(0, shape.length - 1);
    const indices = Array.from({ length: draw(1, 9) }, () => draw(0, shape[axis]! - 1));
    return [`${shape}: ${begin} + ${size}, ${order}, ${paddings}, ${indices} of ${axis}`, () => {
      const x = normal(shape, 1);
      const part = tf.slice(x, begin, size);
      return [
        ...[part, tf.transpose(x, order), tf.pad(x, paddings, 3), tf.tile(x, shape.map(() => 2))],
        ...[tf.concat([x, x], axis), tf.stack([x, x], axis), ...tf.unstack(x, axis)],
        tf.gather(x, tf.tensor1d(indices, "int32"), axis),
      ];
    }];
  },
  "depthwise convolution"(draw) {
    const [height, width, copies] = [draw(1, 4), draw(1, 4), draw(1, 3)];
    const stride: [number, number] = [draw(1, 3), draw(1, 3)];
    const x = [draw(1, 40), draw(height, 10), draw(width, 10), draw(1, 20)];
    const filter = [height, width, x[3]!, copies];
    const pad = draw(0, 2);
    const f = (x: tf.Tensor, w: tf.Tensor) =>
      tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad, "NHWC", 1, "floor");
    return [
      `${x} by ${filter}, stride ${stride}, pad ${pad}`,
      () => withGradients(f, [normal(x, 1), normal(filter, 2)]),
    ];
  },
  "fused convolution"(draw) {
    const x = [draw(1, 9), draw(3, 9), draw(3, 9), draw(1, 9)] as [number, number, number, number];
    const columns = draw(1, 40);
    const activation = (["linear", "relu", "elu", "sigmoid"] as const)[draw(0, 3)]!;
    return [`${x} to ${columns}, ${activation}`, () => [
      tf.fused.conv2d({
        x: normal(x, 1) as tf.Tensor4D,
        filter: normal([3, 3, x[3], columns], 2) as tf.Tensor4D,
        strides: 1,
        pad: "same",
        bias: normal([columns], 3),
        activation,
      }),
    ]];
  },
};

function withGradients(f: (...x: tf.Tensor[]) => tf.Tensor, x: tf.Tensor[]): tf.Tensor[] {
  return [f(...x), ...tf.grads(f)(x)];
}

for (const [operation, makeCase] of Object.entries(CASES)) {
  Deno.test(`30 random cases read and write nothing outside of their tensors: ${operation}`, async () => {
    const uniform = randomStream("fuzz", operation);
    const draw = (low: number, high: number) => low + Math.floor(uniform() * (high - low + 1));
    const cases = Array.from({ length: 30 }, () => makeCase(draw));
    const expected: Float32Array[][] = [];
    for (const [, compute] of cases) expected.push(await valuesOnCpu(compute));
    await onSimd((backend) => {
      const check = guard(backend.pool);
      backend.pool.startProfile();
      cases.forEach(([name, compute], index) => {
        const results = tf.tidy(compute);
        check();
        const values = results.map((tensor) => tensor.dataSync<"float32">());
        tf.dispose(results);
        assertClose(values, expected[index]!, 2e-5, `${operation} ${name}`);
      });
      assert.equal(tf.memory().numTensors, 0);
      const jobs = backend.pool.endProfile();
      if (!operation.includes("Winograd")) return;
      for (const kernel of ["winograd", "winogradPanels", "winogradGradient", "winogradReduce"]) {
        assert.ok(jobs.has(kernel), `no job of ${kernel}`);
      }
    }, 1);
  });
}

Deno.test("convolutions of up to a thousand channels stay within a thread's working memory", () =>
  onSimd((backend) => {
    const check = guard(backend.pool);
    const uniform = randomStream("fuzz", "channels");
    const channels = () => 8 * (4 + Math.floor(uniform() * 120));
    const shapes = Array.from({ length: 12 }, () => [channels(), channels()] as const);
    // 288 to 904: 24 tiles of Winograd's algorithm once took 224 bytes more than there were.
    for (const [inputs, outputs] of [[288, 904] as const, ...shapes]) {
      for (const images of [1, 64]) {
        tf.tidy(() => {
          const x = tf.ones<tf.Rank.R4>([images, 4, 16, inputs]);
          const f = (w: tf.Tensor) => tf.conv2d(x, w as tf.Tensor4D, 1, 1);
          const { value, grad } = tf.valueAndGrad((w) => tf.sum(f(w)))(
            tf.ones([3, 3, inputs, outputs]),
          );
          // Of the nine taps of a pixel those in the picture: (3 * 4 - 2) rows by (3 * 16 - 2) columns.
          const taps = 10 * 46;
          assertNear(value.dataSync()[0]!, images * taps * inputs * outputs);
          assertNear(grad.dataSync()[0]!, images * 3 * 15);
        });
        check();
      }
    }
  }, 1));

function assertNear(value: number, expected: number): void {
  assert.ok(Math.abs(value / expected - 1) < 1e-4, `${value} and not ${expected}`);
}
