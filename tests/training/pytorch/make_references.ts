/**
 * Makes `references.json` anew. Needs PyTorch (python3-torch of Debian, for example):
 *
 *     deno run --allow-all tests/training/pytorch/make_references.ts
 *
 * @module
 */
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { ARTICLE_EXPERIMENTS } from "../../../src/article/experiments.ts";
import { recordTraining } from "./record.ts";
import { smallTraining } from "./setting.ts";
import { type PytorchTraining, trainInPyTorch } from "./train_in_pytorch.ts";

await tf.setBackend("cpu");
const references: Record<string, PytorchTraining> = {};
for (const experiment of ARTICLE_EXPERIMENTS) {
  const folder = await Deno.makeTempDir();
  const training = smallTraining(experiment);
  try {
    await recordTraining(folder, training);
    // In 64 bits, so that all differences from it are ours.
    references[experiment.name] = await trainInPyTorch(folder, "float64");
  } finally {
    training.network.dispose();
    await Deno.remove(folder, { recursive: true });
  }
}
await Deno.writeTextFile(
  new URL("references.json", import.meta.url),
  JSON.stringify(references) + "\n",
);
