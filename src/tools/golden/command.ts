/**
 * Running all vector files of a folder.
 *
 * @module
 */
import { basename, join } from "@std/path";
import * as adam from "./adam.ts";
import * as augment from "./augment.ts";
import type { Comparison, GoldenRunner } from "./golden.ts";
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

/** The runner of each vector file. */
const RUNNERS: Readonly<Record<string, GoldenRunner>> = {
  "adam.json": adam.run,
  "augment.json": augment.run,
  "layers.json": layers.run,
  "losses.json": losses.run,
  "metrics.json": metrics.run,
  "open_set.json": openSet.run,
  "resize.json": resize.run,
  "schedule.json": schedule.run,
  "xresnet.json": xresnet.run,
};

/**
 * Compares the code with every vector file in a folder, on the current tfjs backend.
 *
 * @throws {Error} if there are none, or one is not of the form its name promises
 */
export async function runGoldenFiles(folder: string): Promise<GoldenReport[]> {
  const files = await vectorFiles(folder);
  const reports: GoldenReport[] = [];
  for (const file of files) {
    const path = join(folder, file);
    try {
      const content: unknown = JSON.parse(await Deno.readTextFile(path));
      reports.push({ file, comparisons: await RUNNERS[file]!(content) });
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
  if (!worst) return `FAIL  ${file.padEnd(14)} holds no case`;
  const failures = comparisons.filter((comparison) => !passes(comparison));
  const line = (verdict: string, { name, error, tolerance }: Comparison) =>
    `${verdict}  ${file.padEnd(14)} largest error ${error.toExponential(1)} ` +
    `of ${tolerance.toExponential(0)} allowed (${name}; ${comparisons.length} comparisons)`;
  if (failures.length === 0) return line("ok  ", worst);
  return failures.map((failure) => line("FAIL", failure)).join("\n");
}

async function vectorFiles(folder: string): Promise<string[]> {
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    throw new Error(`${folder}: cannot be read (${(error as Error).message})`, { cause: error });
  }
  const files = entries.map(({ name }) => basename(name)).filter((name) => name.endsWith(".json"));
  const stray = files.find((name) => !Object.hasOwn(RUNNERS, name));
  if (stray !== undefined) {
    throw new Error(
      `${join(folder, stray)}: no code to compare it with; the names are ` +
        Object.keys(RUNNERS).join(", "),
    );
  }
  if (files.length === 0) {
    throw new Error(
      `${folder}: no vector files; the names are ${Object.keys(RUNNERS).join(", ")}`,
    );
  }
  return files.sort();
}
