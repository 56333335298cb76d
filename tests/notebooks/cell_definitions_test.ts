import assert from "node:assert/strict";
import { fromFileUrl, join, toFileUrl } from "@std/path";
import "@tensorflow/tfjs";
import { accuracyWithNa } from "../../src/evaluation/accuracy.ts";
import { bcena } from "../../src/losses/bcena.ts";
import { entropicOpenSet } from "../../src/losses/entropic_open_set.ts";
import { isSameLoss } from "../../src/losses/examples.ts";
import { randomStream } from "../../src/random.ts";
import { energy } from "../../src/scores/energy.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";
import { committedCells } from "./committed_outputs.ts";

const FOLDER = fromFileUrl(new URL("../../notebooks", import.meta.url));

/** What some cells of a notebook define, without what they show. */
function definitionsIn(
  notebook: string,
  ids: readonly string[],
  names: readonly string[],
  // deno-lint-ignore no-explicit-any
  test: (definitions: Record<string, any>) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const cells = await committedCells(join(FOLDER, `${notebook}.ipynb`));
    const sources = ids.map((id) => cells.find((cell) => cell.id === id)!.source)
      .map((source) => source.replaceAll(/^(?:await |attempts)[^;]*;$/gm, ""));
    const path = join(folder, "cells.ts");
    await Deno.writeTextFile(path, `${sources.join("\n")}\nexport { ${names.join(", ")} };\n`);
    await test(await import(toFileUrl(path).href));
  });
}

Deno.test("the third notebook writes the article's loss, and its accuracy with a threshold", () =>
  definitionsIn(
    "3_bcena",
    ["target", "loss", "accuracy"],
    ["loss", "accuracyWithNa"],
    async (cell) => {
      assert.ok(await isSameLoss(cell.loss, bcena));
      const uniform = randomStream("scores of pictures");
      const scores = Array.from({ length: 50 }, () => Array.from({ length: 4 }, uniform));
      const labels = scores.map(() => Math.floor(4 * uniform()));
      for (const theta of [0, 0.4, 0.5, 0.9]) {
        assert.equal(
          cell.accuracyWithNa(scores, labels, theta),
          accuracyWithNa(scores, labels, theta, 0),
        );
      }
    },
  ));

Deno.test("the last notebook writes the entropic open-set loss", () =>
  definitionsIn("5_your_own", ["loss-targets", "loss"], ["loss"], async ({ loss }) => {
    assert.ok(await isSameLoss(loss, entropicOpenSet));
  }));

Deno.test("the last notebook writes the energy", () =>
  definitionsIn("5_your_own", ["score"], ["score"], ({ score }) => {
    const network = {
      labels: ["na", "a", "b"],
      activation: "sigmoid",
      naTarget: "zeros",
    } as const;
    for (const logits of [[3, 1, 2], [0, -5, 0.5]]) {
      const [own, ours] = [score, energy].map((one) => one.of!(network)({ logits }));
      assert.ok(Math.abs(own - ours) < 1e-12);
    }
    return Promise.resolve();
  }));
