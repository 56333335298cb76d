import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { NA_OUTPUT } from "../../src/data/labels.ts";
import { bce } from "../../src/losses/bce.ts";
import { bcena } from "../../src/losses/bcena.ts";
import { entropicOpenSet } from "../../src/losses/entropic_open_set.ts";
import { isSameLoss } from "../../src/losses/examples.ts";
import type { Loss } from "../../src/losses/loss.ts";
import { objectosphere } from "../../src/losses/objectosphere.ts";
import { oneHotTargets } from "../../src/losses/targets.ts";

/** BCENa in stock operations, its target of na as given. */
function written(target: number): Loss {
  const loss: Loss = {
    ...bcena,
    targets: (labels, outputs) => oneHotTargets(labels, outputs, { label: NA_OUTPUT, target }),
    value({ logits: x }, labels) {
      const t = tf.tensor2d(loss.targets(labels, x.shape[1]), x.shape);
      return tf.mean(x.relu().sub(x.mul(t)).add(x.abs().neg().exp().log1p())) as tf.Scalar;
    },
  };
  return loss;
}

Deno.test("a loss that is written in another way is the same, whatever it is called", async () => {
  assert.ok(await isSameLoss(written(0), bcena));
  assert.ok(await isSameLoss({ ...bcena, name: "another", title: "Another" }, bcena));
});

Deno.test("another target, value, activation or gradient makes another loss", async () => {
  const detached: Loss = {
    ...bcena,
    value: ({ logits, features }, labels) =>
      bcena.value({ logits: tf.tensor2d(logits.arraySync()), features }, labels),
  };
  const halved: Loss = {
    ...bcena,
    value: (input, labels) => tf.mul(0.5, bcena.value(input, labels)) as tf.Scalar,
  };
  for (const other of [written(0.1), bce, halved, detached, entropicOpenSet]) {
    assert.equal(await isSameLoss(other, bcena), false, other.title);
  }
  assert.equal(await isSameLoss(objectosphere({ weight: 2 }), objectosphere()), false);
  assert.ok(await isSameLoss(objectosphere({ weight: 2 }), objectosphere({ weight: 2 })));
});
