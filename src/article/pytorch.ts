/**
 * Runs of another program at this project's settings, to tell what the code does from what the
 * setting gives.
 *
 * @module
 */
import type { Reference } from "../report/reference.ts";
import { ARTICLE, epochsOf } from "./published.ts";
import pytorch from "./pytorch_runs.json" with { type: "json" };

const DESCRIPTION = "PyTorch: does the gap to the article come from our code or from the setup? " +
  "Another program ran the same protocol in PyTorch 1.13: on a CPU, in 32-bit floats, with all " +
  "weights random at the start, and with code and random numbers of its own. There is one run of " +
  "it for each experiment below, so a point or two may be chance, more in early epochs. (From the " +
  "same start and on the same batches, PyTorch and this project train alike: " +
  "tests/training/trainer_pytorch_test.ts.)";

/**
 * PyTorch's runs, one reference for each profile. The one at the article's scale was stopped after
 * 2 + 8 epochs and not tested.
 */
export const PYTORCH: readonly Reference[] = [
  ...Map.groupBy(pytorch.runs, ({ profile }) => profile),
].map(([profile, runs]) => ({
  source: "PyTorch",
  description: DESCRIPTION,
  dataset: ARTICLE.dataset,
  profile,
  published: false,
  images: ARTICLE.images,
  runs: runs.map(({ experiment, epochs, test }) => ({
    experiment,
    epochs: epochsOf(pytorch.columns, epochs),
    ...(test === undefined ? {} : { counts: test }),
  })),
}));
