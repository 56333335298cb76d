import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { XResNet } from "../../src/model/xresnet.ts";
import type { NetworkWidths } from "../../src/model/xresnet.ts";
import { XRESNET18 } from "../../src/profiles.ts";
import { TINY_WIDTHS } from "../training/synthetic_data.ts";

await tf.setBackend("cpu");

function withNetwork(test: (network: XResNet) => void, widths: NetworkWidths = TINY_WIDTHS): void {
  const network = new XResNet(widths, 5, 1);
  tf.tidy(() => test(network));
  network.dispose();
}

Deno.test("the full-size network has 11,725,664 parameters with 5 outputs", () => {
  withNetwork((network) => assert.equal(network.parameterCount, 11_725_664), XRESNET18);
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

Deno.test("equal seeds give equal networks, other seeds others", () => {
  const [a, b, c] = [1, 1, 2].map((seed) => new XResNet(TINY_WIDTHS, 3, seed));
  const filter = (network: XResNet) => network.stem[0]!.filter.dataSync();
  assert.deepEqual(filter(a!), filter(b!));
  assert.notDeepEqual(filter(a!), filter(c!));
  for (const network of [a!, b!, c!]) network.dispose();
});

Deno.test("forward() takes pictures of any size and proportion", () => {
  withNetwork((network) => {
    for (const [height, width] of [[16, 16], [17, 23], [5, 1], [1, 1]] as const) {
      const images = tf.ones<tf.Rank.R4>([2, height, width, 3]);
      for (const training of [true, false]) {
        const logits = network.forward(images, { training });
        assert.deepEqual(logits.shape, [2, 5]);
        assert.ok(logits.dataSync().every(Number.isFinite), `${height}x${width}`);
      }
    }
  });
});

Deno.test("forward() takes a change of width without a change of size", () => {
  withNetwork((network) => {
    assert.ok(network.namedVariables().has("blocks.0.idpath.0.0"));
    const logits = network.forward(tf.ones([1, 8, 8, 3]), { training: false });
    assert.deepEqual(logits.shape, [1, 5]);
  }, { stem: [2, 2, 4], stages: [6], hidden: 4 });
});

Deno.test("evaluation of a picture does not depend on the others of its batch", () => {
  withNetwork((network) => {
    const images = tf.randomUniform<tf.Rank.R4>([3, 16, 16, 3], -1, 1, "float32", 1);
    const together = network.forward(images, { training: false }).arraySync();
    const alone = network.forward(tf.slice(images, [1], [1]), { training: false }).arraySync();
    assert.deepEqual(alone[0], together[1]);
  });
});

Deno.test("training passes with the same dropout key have the same bits", () => {
  withNetwork((network) => {
    const images = tf.randomUniform<tf.Rank.R4>([3, 16, 16, 3], -1, 1, "float32", 1);
    const pass = (step: number) =>
      network.forward(images, { training: true, dropout: { seed: 1, step } }).dataSync();
    assert.deepEqual(pass(0), pass(0));
    assert.notDeepEqual(pass(0), pass(1));
  });
});

Deno.test("forward() leaves its logits alone, and dispose() nothing", () => {
  const before = tf.memory().numTensors;
  const network = new XResNet(TINY_WIDTHS, 5, 1);
  const images = tf.ones<tf.Rank.R4>([2, 17, 17, 3]);
  const built = tf.memory().numTensors;
  for (const training of [true, false]) {
    const logits = network.forward(images, { training });
    assert.equal(tf.memory().numTensors, built + 1);
    logits.dispose();
  }
  tf.dispose(images);
  network.dispose();
  assert.equal(tf.memory().numTensors, before);
});
