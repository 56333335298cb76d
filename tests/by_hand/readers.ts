/**
 * The readers of runs' files, called one after the other by `mutations.ts`, which ends this process
 * if it does not answer. A question is a line of JSON with the reader's name and the folder; the
 * answer is a line of JSON.
 *
 * @module
 */
import { join } from "@std/path";
import { createInterface } from "node:readline";
import process from "node:process";
import { ARTICLE_CONTEXT } from "../../src/article/report.ts";
import { startBackend } from "../../src/backend/start_backend.ts";
import { openPixelCache } from "../../src/data/pixel_cache.ts";
import { sha256 } from "../../src/files/digest.ts";
import { predictImages } from "../../src/predict.ts";
import { renderMarkdown } from "../../src/report/render_document.ts";
import { reportDocument } from "../../src/report/document.ts";
import { resultsOf } from "../../src/report/results.ts";
import { runExperiments } from "../../src/reproduce.ts";
import { readRuns } from "../../src/runs/read_runs.ts";
import { CACHE, CONTINUED, MODEL, reproductionIn, RESULTS, SCORES_READ } from "./tiny_run.ts";

/** A reader's answer about the files. */
export type Answer =
  | { readonly figures: string }
  | { readonly error: string; readonly kind: string };

const backend = await startBackend("simd", 1);

/** Readers by name; each returns a text that changes with any single figure or pixel. */
const READERS: Readonly<Record<string, (folder: string) => Promise<string>>> = {
  async [RESULTS](folder) {
    const runs = await readRuns(join(folder, RESULTS), ARTICLE_CONTEXT.order);
    const results = resultsOf(runs, ARTICLE_CONTEXT, SCORES_READ);
    return JSON.stringify(results) +
      renderMarkdown(reportDocument(results, runs.finished, ARTICLE_CONTEXT));
  },
  async [MODEL](folder) {
    const { dataset } = await reproductionIn(folder, backend);
    const images = dataset.splits.test.slice(0, 6).map(({ path }) => join(dataset.root, path));
    return JSON.stringify(await predictImages({ model: join(folder, MODEL), images }));
  },
  async [CACHE](folder) {
    const { dataset, experiments } = await reproductionIn(folder, backend);
    const images = [...dataset.splits.train, ...dataset.splits.test];
    const { size } = experiments[0]!.profile;
    const cache = await openPixelCache({
      root: dataset.root,
      images,
      size,
      cacheFolder: join(folder, CACHE),
    });
    try {
      return images.map(({ path }) => {
        const { width, height, pixels } = cache.read(cache.positionOf(path));
        return `${path} ${width}x${height} ${sha256(pixels)}`;
      }).join("\n");
    } finally {
      cache.close();
    }
  },
  async [CONTINUED](folder) {
    const reproduction = await reproductionIn(folder, backend);
    const run = join(folder, CONTINUED, "bcena", "seed-1");
    await runExperiments({ ...reproduction, out: join(folder, CONTINUED) });
    return await Deno.readTextFile(join(run, "predictions.csv")) +
      // Without the seconds, which differ between any two trainings.
      (await Deno.readTextFile(join(run, "history.csv"))).replaceAll(/,[^,]*$/gm, "");
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { reader, folder } = JSON.parse(line) as { reader: string; folder: string };
  console.log(JSON.stringify(await answerOf(READERS[reader]!, folder)));
}
Deno.exit();

async function answerOf(
  reader: (folder: string) => Promise<string>,
  folder: string,
): Promise<Answer> {
  try {
    return { figures: sha256(await reader(folder)) };
  } catch (error) {
    if (!(error instanceof Error)) return { error: String(error), kind: "no error" };
    return { error: error.message, kind: error.constructor.name };
  }
}
