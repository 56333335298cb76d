/**
 * Makes `references.json` anew. Needs PyTorch (python3-torch of Debian, for example):
 *
 *     deno run --allow-all tests/training/pytorch/make_references.ts
 *
 * @module
 */
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { fromFileUrl } from "@std/path";
import { EXPERIMENTS } from "../../../src/experiments.ts";
import { recordTraining } from "./record.ts";
import { smallTraining } from "./setting.ts";

await tf.setBackend("cpu");
const references: Record<string, unknown> = {};
for (const experiment of EXPERIMENTS) {
  const folder = await Deno.makeTempDir();
  const training = smallTraining(experiment);
  await recordTraining(folder, training);
  training.network.dispose();
  references[experiment.name] = await trainInPyTorch(folder);
  await Deno.remove(folder, { recursive: true });
}
await Deno.writeTextFile(
  new URL("references.json", import.meta.url),
  JSON.stringify(references) + "\n",
);

/** In 64 bits, so that all differences from it are ours. */
async function trainInPyTorch(folder: string): Promise<unknown> {
  const program = fromFileUrl(new URL("training.py", import.meta.url));
  const { success, stdout } = await new Deno.Command("python3", {
    args: [program, folder, "float64"],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${program} failed; does python3 have PyTorch?`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
