/**
 * A program that trains a tiny network in the results folder it is given, with the pictures of
 * another folder, as a cell of a notebook would. With a third argument it interrupts itself as soon
 * as there is a checkpoint.
 */
import { existsSync } from "node:fs";
import { ce } from "../../src/article/experiments.ts";
import { openDataset } from "../../src/data/open_dataset.ts";
import { DISPLAY, paragraph } from "../../src/notebooks/show.ts";
import { trainOrOpen } from "../../src/notebooks/train_or_open.ts";
import type { Run } from "../../src/runs/read_runs.ts";
import { tiny } from "../training/synthetic_data.ts";

const [dataset, out, interrupts] = Deno.args as [string, string, string?];

const timer = setInterval(() => {
  if (interrupts === undefined || !existsSync(`${out}/ce/seed-1/checkpoint.bin`)) return;
  clearInterval(timer);
  Deno.kill(Deno.pid, "SIGINT");
}, 1);

try {
  const runs = await train();
  console.log(`epochs: ${runs[0]!.history.map(({ epoch }) => epoch)}`);
} catch (error) {
  console.log((error as Error).message);
  // As the next cell would, which the kernel does not hold back.
  await train().catch((error: Error) => console.log(`again: ${error.message}`));
} finally {
  clearInterval(timer);
}

async function train(): Promise<Run[]> {
  return await trainOrOpen({
    dataset: await openDataset({ dataset }),
    seeds: [1],
    out,
    cacheFolder: `${out}-cache`,
    [DISPLAY]: paragraph("a setting")[DISPLAY],
  }, tiny(ce));
}
