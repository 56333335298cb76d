import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import type { Network, NetworkDefinition } from "../../src/model/network.ts";
import { xresnet, XRESNET18, XRESNET34 } from "../../src/model/xresnet.ts";
import type { XResNetOptions } from "../../src/model/xresnet.ts";
import { TINY_NETWORK } from "../training/synthetic_data.ts";

await tf.setBackend("cpu");

const TINY_OPTIONS: XResNetOptions = { stem: [2, 2, 4], stages: [4, 8], blocks: [2, 2], hidden: 8 };

function withNetwork(test: (network: Network) => void, definition = TINY_NETWORK): void {
  const network = definition.build(5, 1);
  tf.tidy(() => test(network));
  network.dispose();
}

Deno.test("the full-size network has 11,725,664 parameters with 5 outputs", () => {
  withNetwork((network) => assert.equal(network.parameterCount, 11_725_664), XRESNET18);
});

/** In a block, the picture meets two 3x3 convolutions and, where widths differ, one of 1x1. */
function expectedParameters({ options }: NetworkDefinition, outputs: number): number {
  const { stem, stages, blocks, hidden } = options as unknown as XResNetOptions;
  const convolution = (kernel: number, from: number, to: number) =>
    (kernel * kernel * from + 2) * to;
  const widths = [3, ...stem];
  let count = stem.reduce((sum, to, i) => sum + convolution(3, widths[i]!, to), 0);
  let from = stem[2];
  stages.forEach((to, stage) => {
    for (let block = 0; block < blocks[stage]!; block++) {
      count += convolution(3, from, to) + convolution(3, to, to);
      if (from !== to) count += convolution(1, from, to);
      from = to;
    }
  });
  return count + 2 * (2 * from) + 2 * from * hidden + 2 * hidden + hidden * outputs;
}

Deno.test("networks of any options have as many parameters as their widths make", () => {
  const uneven = xresnet("uneven", { ...TINY_OPTIONS, stages: [4, 4, 7], blocks: [1, 3, 2] });
  for (const definition of [XRESNET34, TINY_NETWORK, uneven]) {
    withNetwork(({ parameterCount }) => {
      assert.equal(parameterCount, expectedParameters(definition, 5), definition.name);
    }, definition);
  }
});

Deno.test("options that make no network are refused with what is wrong", () => {
  const refused: [object, RegExp][] = [
    [
      { stages: [] },
      /^Error: options of network "odd": stages: .*expected array to have >=1 items/,
    ],
    [{ stages: [4, 0] }, /stages\.1: .*expected number to be >=1/],
    [{ stages: [4, 1e6] }, /expected number to be <=4096/],
    [{ stages: [4, 2.5] }, /expected int/],
    [{ blocks: [2] }, /expected one number of blocks for each stage/],
    [{ blocks: [2, 1e9] }, /expected number to be <=64/],
    [{ stem: [2, 2] }, /stem/],
    [{ hidden: NaN }, /hidden/],
    [{ depth: 3 }, /depth/],
  ];
  for (const [change, message] of refused) {
    assert.throws(() => xresnet("odd", { ...TINY_OPTIONS, ...change }), message);
  }
});

Deno.test("parameters are named as in fastai and grouped as its learning rates", () => {
  withNetwork((network) => {
    const names = (group: string) =>
      network.parameters
        .filter((parameter) => parameter.group === group && parameter.kind !== "batch norm")
        .map(({ name }) => name);
    assert.deepEqual(names("stem"), ["stem.0.0", "stem.1.0", "stem.2.0"]);
    assert.deepEqual(names("stages"), [
      "blocks.0.convpath.0.0",
      "blocks.0.convpath.1.0",
      "blocks.1.convpath.0.0",
      "blocks.1.convpath.1.0",
      "blocks.2.convpath.0.0",
      "blocks.2.convpath.1.0",
      "blocks.2.idpath.1.0",
      "blocks.3.convpath.0.0",
      "blocks.3.convpath.1.0",
    ]);
    assert.deepEqual(names("head"), ["l1", "l2"]);
    const all = [...network.namedVariables().keys()];
    assert.equal(new Set(all).size, all.length);
    assert.ok(all.includes("blocks.2.idpath.1.1.variance"));
  });
});

Deno.test("every block starts as its identity path, all batch norms with beta 1e-3", () => {
  withNetwork((network) => {
    for (const { name, kind, variable } of network.parameters) {
      if (kind !== "batch norm") continue;
      const gamma = name.endsWith("convpath.1.1.gamma") ? 0 : 1;
      const expected = Math.fround(name.endsWith(".beta") ? 1e-3 : gamma);
      assert.ok(variable.dataSync().every((value) => value === expected), name);
    }
  });
});

Deno.test("forward() takes pictures of any size and proportion", () => {
  withNetwork((network) => {
    for (const [height, width] of [[16, 16], [17, 23], [5, 1], [1, 1]] as const) {
      const images = tf.ones<tf.Rank.R4>([2, height, width, 3]);
      for (const training of [true, false]) {
        const { logits, features } = network.forward(images, { training });
        assert.deepEqual(logits.shape, [2, 5]);
        assert.deepEqual(features.shape, [2, 8]);
        assert.ok(logits.dataSync().every(Number.isFinite), `${height}x${width}`);
      }
    }
  });
});

Deno.test("forward() takes a change of width without a change of size", () => {
  withNetwork((network) => {
    assert.ok(network.namedVariables().has("blocks.0.idpath.0.0"));
    const { logits } = network.forward(tf.ones([1, 8, 8, 3]), { training: false });
    assert.deepEqual(logits.shape, [1, 5]);
  }, xresnet("wider", { stem: [2, 2, 4], stages: [6], blocks: [2], hidden: 4 }));
});

Deno.test("evaluation of a picture does not depend on the others of its batch", () => {
  withNetwork((network) => {
    const images = tf.randomUniform<tf.Rank.R4>([3, 16, 16, 3], -1, 1, "float32", 1);
    const logitsOf = (images: tf.Tensor4D) =>
      network.forward(images, { training: false }).logits.arraySync();
    assert.deepEqual(logitsOf(tf.slice(images, [1], [1]))[0], logitsOf(images)[1]);
  });
});

Deno.test("training passes with the same dropout key have the same bits", () => {
  withNetwork((network) => {
    const images = tf.randomUniform<tf.Rank.R4>([3, 16, 16, 3], -1, 1, "float32", 1);
    const pass = (step: number) =>
      network.forward(images, { training: true, dropout: { seed: 1, step } }).logits.dataSync();
    assert.deepEqual(pass(0), pass(0));
    assert.notDeepEqual(pass(0), pass(1));
  });
});

Deno.test("features are what the last layer takes, before its dropout", () => {
  withNetwork((network) => {
    const images = tf.randomUniform<tf.Rank.R4>([3, 16, 16, 3], -1, 1, "float32", 1);
    const last = network.namedVariables().get("l2") as tf.Tensor as tf.Tensor2D;
    const { logits, features } = network.forward(images, { training: false });
    assert.deepEqual(tf.matMul(features, last).dataSync(), logits.dataSync());
    // That before the first layer of the head changes features, too.
    const dropped = network.forward(images, { training: true, dropout: { seed: 1, step: 0 } });
    assert.ok(dropped.features.dataSync().every((value) => value !== 0));
    assert.notDeepEqual(tf.matMul(dropped.features, last).dataSync(), dropped.logits.dataSync());
  });
});
