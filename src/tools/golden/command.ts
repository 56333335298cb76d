/**
 * Comparing the code with all vector files of a folder.
 *
 * @module
 */
import { join } from "@std/path";
import { LONGEST_TEXT, readPlainFile } from "../../files/plain_file.ts";
import { runMetrics, runOpenSet } from "./evaluation.ts";
import { type Comparison, type GoldenRunner, passes } from "./golden.ts";
import { run as runLayers } from "./layers.ts";
import { run as runLosses, runFeatureLosses } from "./losses.ts";
import { runAdam, runSchedule } from "./optimiser.ts";
import { runAugment, runResize } from "./pictures.ts";
import { runFittedScores, runPytorchOodLosses, runRankTests, runStudyMetrics } from "./study.ts";
import { run as runNetwork } from "./xresnet.ts";

/** The comparisons with one vector file. */
export interface GoldenReport {
  readonly file: string;
  readonly comparisons: readonly Comparison[];
}

const RUNNERS: Readonly<Record<string, GoldenRunner>> = {
  "adam.json": runAdam,
  "augment.json": runAugment,
  "feature_losses.json": runFeatureLosses,
  "fitted_scores.json": runFittedScores,
  "layers.json": runLayers,
  "losses.json": runLosses,
  "metrics.json": runMetrics,
  "open_set.json": runOpenSet,
  "pytorch_ood_losses.json": runPytorchOodLosses,
  "rank_tests.json": runRankTests,
  "resize.json": runResize,
  "schedule.json": runSchedule,
  "study_metrics.json": runStudyMetrics,
  "xresnet.json": runNetwork,
};

const NAMES = Object.keys(RUNNERS);

/** Aligns the lines of reports. */
const NAME_WIDTH = Math.max(...NAMES.map((name) => name.length));

/**
 * Compares the code with every vector file in a folder, on the current tfjs backend.
 *
 * @throws {Error} if there are none, or one does not have the form its name implies
 */
export async function runGoldenFiles(folder: string): Promise<GoldenReport[]> {
  const reports: GoldenReport[] = [];
  for (const file of await vectorFiles(folder)) {
    const path = join(folder, file);
    try {
      const content: unknown = JSON.parse(
        new TextDecoder().decode(await readPlainFile(path, LONGEST_TEXT)),
      );
      reports.push({ file, comparisons: RUNNERS[file]!(content) });
    } catch (error) {
      throw new Error(`${path}: cannot be compared: ${(error as Error).message}`, { cause: error });
    }
  }
  return reports;
}

/** One line for the file with its worst comparison, and one for every failed comparison. */
export function formatGoldenReport({ file, comparisons }: GoldenReport): string {
  const badness = ({ error, tolerance }: Comparison) =>
    Number.isNaN(error) ? Infinity : error === 0 ? 0 : error / tolerance;
  const [worst] = comparisons.toSorted((a, b) => badness(b) - badness(a));
  if (!worst) return `FAIL  ${file.padEnd(NAME_WIDTH)} holds no case`;
  const failures = comparisons.filter((comparison) => !passes(comparison));
  const line = (verdict: string, { name, error, tolerance }: Comparison) =>
    `${verdict}  ${file.padEnd(NAME_WIDTH)} largest error ${error.toExponential(1)} ` +
    `of ${tolerance.toExponential(0)} allowed (${name}; ${comparisons.length} comparisons)`;
  if (failures.length === 0) return line("ok  ", worst);
  return failures.map((failure) => line("FAIL", failure)).join("\n");
}

async function vectorFiles(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch((cause: Error) => {
    throw new Error(`${folder}: cannot be read (${cause.message})`, { cause });
  });
  const found = entries.map(({ name }) => name).filter((name) => name.endsWith(".json"));
  const names = `the names are ${NAMES.join(", ")}`;
  const stray = found.find((name) => !NAMES.includes(name));
  if (stray !== undefined) {
    throw new Error(`${join(folder, stray)}: no code to compare it with; ${names}`);
  }
  if (found.length === 0) throw new Error(`${folder}: no vector files; ${names}`);
  return found.sort();
}
