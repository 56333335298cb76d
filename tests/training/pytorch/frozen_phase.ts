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
import { evaluationBatches, trainingBatches } from "../../../src/data/batches.ts";
import { networkLabels } from "../../../src/data/categories.ts";
import { IMAGENETTE } from "../../../src/data/imagenette.ts";
import { openDataset } from "../../../src/data/open_dataset.ts";
import { openPixelCache } from "../../../src/data/pixel_cache.ts";
import { showProgress } from "../../../src/data/progress.ts";
import { imagesOfGroups, labelOf } from "../../../src/data/splits.ts";
import { experimentNamed } from "../../../src/experiments.ts";
import { PROFILES } from "../../../src/profiles.ts";
import { HISTORY_FILE, readHistory } from "../../../src/runs/history_file.ts";
import { runFolder } from "../../../src/runs/read_runs.ts";
import { onMachine } from "../../dataset_on_machine.ts";
import { recordTraining } from "./record.ts";
import { trainInPyTorch } from "./train_in_pytorch.ts";

const [name = "bcena", seedText = "1"] = Deno.args;
const experiment = experimentNamed(name);
const seed = Number(seedText);
const { article } = PROFILES;
const phases = article.phases.filter(({ frozen }) => frozen.length > 0);
const profile = { ...article, phases };
const results = fromFileUrl(new URL("../../../results/imagenette-article", import.meta.url));
const ours = await readHistory(join(results, runFolder(experiment.name, seed), HISTORY_FILE));

await tf.setBackend("cpu");
const dataset = await openDataset({ dataset: IMAGENETTE.name, data: onMachine(IMAGENETTE).folder });
const { train, test } = dataset.splits;
const cache = await openPixelCache({
  root: dataset.root,
  images: [...train, ...test],
  size: profile.size,
  progress: showProgress("decoding", "pictures"),
});
const labels = networkLabels(dataset.groups, experiment.naClass);
const batchesOf = (all: typeof train) => {
  const images = imagesOfGroups(all, experiment.trainingGroups);
  const { batchSize } = profile;
  return { cache, images, labels: images.map((image) => labelOf(image, labels)), batchSize };
};
const folder = await Deno.makeTempDir();
try {
  using training = trainingBatches({ ...batchesOf(train), seed });
  using validation = evaluationBatches(batchesOf(test));
  const network = profile.network.build(labels.length, seed);
  await recordTraining(folder, { network, experiment, profile, seed, training, validation });
  const pytorch = await trainInPyTorch(folder, "float32");
  for (const [epoch, row] of pytorch.history.entries()) {
    console.log(`epoch ${epoch + 1}, PyTorch:`, row);
    console.log(`epoch ${epoch + 1}, here:   `, ours[epoch]);
  }
} finally {
  cache.close();
  await Deno.remove(folder, { recursive: true });
}
