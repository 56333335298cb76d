/**
 * Repeats the frozen phase of a committed run at the article's scale in PyTorch: the same start,
 * the same augmented pictures, the same dropout. Run by hand, needs Imagenette and PyTorch, and
 * 3.3 GB for what it writes down in between:
 *
 *     deno run --allow-all tests/training/pytorch/frozen_phase.ts bcena 1
 *
 * Prints both histories, which differ by what rounding makes of some hundred steps. A run of another
 * seed is further away.
 *
 * @module
 */
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { fromFileUrl, join } from "@std/path";
import { EXPERIMENTS, named } from "../../../src/catalogue.ts";
import { evaluationBatches, trainingBatches } from "../../../src/data/batches.ts";
import { IMAGENETTE } from "../../../src/data/imagenette.ts";
import { openDataset } from "../../../src/data/open_dataset.ts";
import { openPixelCache } from "../../../src/data/pixel_cache.ts";
import { showProgress } from "../../../src/data/progress.ts";
import { networkLabels, outputOf } from "../../../src/data/labels.ts";
import { imagesOfGroups } from "../../../src/data/dataset.ts";
import { describe, hasNaOutput } from "../../../src/experiments.ts";
import { HISTORY_FILE, readHistory } from "../../../src/runs/history_file.ts";
import { runFolder } from "../../../src/runs/read_runs.ts";
import { onMachine } from "../../dataset_on_machine.ts";
import { recordTraining } from "./record.ts";
import { trainInPyTorch } from "./train_in_pytorch.ts";

const [name = "bcena", seedText = "1"] = Deno.args;
const whole = named("experiment", EXPERIMENTS, name);
const seed = Number(seedText);
const phases = whole.profile.phases.filter(({ frozen }) => frozen.length > 0);
const profile = { ...whole.profile, phases };
const experiment = { ...whole, profile };
const results = fromFileUrl(new URL("../../../results/imagenette-article-random", import.meta.url));
const ours = await readHistory(
  join(results, runFolder(experiment.name, seed), HISTORY_FILE),
  whole.profile.phases,
);

await tf.setBackend("cpu");
const dataset = await openDataset({ dataset: IMAGENETTE.name, data: onMachine(IMAGENETTE).folder });
const { train, test } = dataset.splits;
const cache = await openPixelCache({
  root: dataset.root,
  images: [...train, ...test],
  size: profile.size,
  progress: showProgress("decoding", "pictures"),
});
const labels = networkLabels(dataset.groups, hasNaOutput(describe(experiment)));
const batchesOf = (all: typeof train) => {
  const images = imagesOfGroups(all, experiment.trainingGroups);
  const { batchSize } = profile;
  return { cache, images, labels: images.map((image) => outputOf(image, labels)), batchSize };
};
const folder = await Deno.makeTempDir();
try {
  using training = trainingBatches({ ...batchesOf(train), seed });
  using validation = evaluationBatches(batchesOf(test));
  const network = experiment.network.build(labels.length, seed);
  await recordTraining(folder, { network, experiment, labels, seed, training, validation });
  const pytorch = await trainInPyTorch(folder, "float32");
  for (const [epoch, row] of pytorch.history.entries()) {
    console.log(`epoch ${epoch + 1}, PyTorch:`, row);
    console.log(`epoch ${epoch + 1}, here:   `, ours[epoch]);
  }
} finally {
  cache.close();
  await Deno.remove(folder, { recursive: true });
}
