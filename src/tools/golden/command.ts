/**
 * Running all vector files of a folder.
 *
 * @module
 */
import { join } from "@std/path";
import * as adam from "./adam.ts";
import * as augment from "./augment.ts";
import * as featureLosses from "./feature_losses.ts";
import type { Comparison, GoldenFile } from "./golden.ts";
import * as layers from "./layers.ts";
import * as losses from "./losses.ts";
import * as metrics from "./metrics.ts";
import * as openSet from "./open_set.ts";
import * as resize from "./resize.ts";
import * as schedule from "./schedule.ts";
import * as xresnet from "./xresnet.ts";

/** What one vector file showed. */
export interface GoldenReport {
  /** The file's name. */
  readonly file: string;
  readonly comparisons: readonly Comparison[];
}

const GOLDEN_FILES: readonly GoldenFile[] = [
  adam,
  augment,
  featureLosses,
  layers,
  losses,
  metrics,
  openSet,
  resize,
  schedule,
  xresnet,
];

const NAMES = GOLDEN_FILES.map(({ file }) => file);

/** Of the longest name, so that reports line up. */
const NAME_WIDTH = Math.max(...NAMES.map((name) => name.length));

/**
 * Compares the code with every vector file in a folder, on the current tfjs backend.
 *
 * @throws {Error} if there are none, or one is not of the form its name promises
 */
export async function runGoldenFiles(folder: string): Promise<GoldenReport[]> {
  const reports: GoldenReport[] = [];
  for (const { file, run } of await vectorFiles(folder)) {
    const path = join(folder, file);
    try {
      const content: unknown = JSON.parse(await Deno.readTextFile(path));
      reports.push({ file, comparisons: await run(content) });
    } catch (error) {
      throw new Error(`${path}: cannot be compared: ${(error as Error).message}`, { cause: error });
    }
  }
  return reports;
}

/** Whether a result is as close to its reference as it must be; NaN never is. */
export function passes({ error, tolerance }: Comparison): boolean {
  return error <= tolerance;
}

/** One line per file with its worst comparison, and one for every comparison that fails. */
export function formatGoldenReport({ file, comparisons }: GoldenReport): string {
  const badness = ({ error, tolerance }: Comparison) =>
    Number.isNaN(error) ? Infinity : error / tolerance;
  const [worst] = comparisons.toSorted((a, b) => badness(b) - badness(a));
  if (!worst) return `FAIL  ${file.padEnd(NAME_WIDTH)} holds no case`;
  const failures = comparisons.filter((comparison) => !passes(comparison));
  const line = (verdict: string, { name, error, tolerance }: Comparison) =>
    `${verdict}  ${file.padEnd(NAME_WIDTH)} largest error ${error.toExponential(1)} ` +
    `of ${tolerance.toExponential(0)} allowed (${name}; ${comparisons.length} comparisons)`;
  if (failures.length === 0) return line("ok  ", worst);
  return failures.map((failure) => line("FAIL", failure)).join("\n");
}

async function vectorFiles(folder: string): Promise<GoldenFile[]> {
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    throw new Error(`${folder}: cannot be read (${(error as Error).message})`, { cause: error });
  }
  const found = entries.map(({ name }) => name).filter((name) => name.endsWith(".json"));
  const stray = found.find((name) => !NAMES.includes(name));
  if (stray !== undefined) {
    throw new Error(
      `${join(folder, stray)}: no code to compare it with; the names are ` +
        NAMES.join(", "),
    );
  }
  if (found.length === 0) {
    throw new Error(`${folder}: no vector files; the names are ${NAMES.join(", ")}`);
  }
  return GOLDEN_FILES.filter(({ file }) => found.includes(file));
}
