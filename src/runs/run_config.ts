/**
 * `config.json`: what a run was made with, so that its figures can be understood and repeated.
 *
 * @module
 */
import { z } from "zod";
import { NA } from "../data/categories.ts";
import { EXPERIMENT_NAMES } from "../experiments.ts";
import { readCheckedJson, writeCheckedJson } from "../files/checked_json.ts";

/** The file's name inside a run's folder. */
export const CONFIG_FILE = "config.json";

/** What to do about a missing or damaged file of a run, for messages. */
export const WAY_OUT =
  "train the run again with `deno task reproduce --fresh`, or move its folder away";

const count = z.int().nonnegative();
const category = z.string().min(1).refine((name) => name !== NA, {
  error: `"${NA}" is the label of no category; rename the folder`,
});

/** Schema of a data set as a run saw it. */
export const datasetSchema = z.strictObject({
  /** For example `imagenette`. */
  name: z.string().min(1),
  /** Folder names by group. */
  groups: z.strictObject({
    known: z.array(category).min(1),
    unknown: z.array(category),
    unseen: z.array(category),
  }),
  /** Numbers of pictures by group. */
  counts: z.strictObject({
    train: z.strictObject({ known: count, unknown: count, unseen: count }),
    test: z.strictObject({ known: count, unknown: count, unseen: count }),
  }),
  /** Readable names of the folders, for figures and tables. */
  categoryNames: z.record(z.string(), z.string()).optional(),
  /** Pictures that could not be used and were left out, with the reason of each. */
  leftOut: z.array(z.strictObject({ path: z.string(), reason: z.string() })).optional(),
  /** Why this data set ran and not the usual one: a sentence for the reader of the report. */
  substitution: z.string().min(1).optional(),
});

/** Schema of a profile: its size and batch size, and whatever else it holds. */
export const profileSchema = z.looseObject({
  name: z.string().min(1),
  /** Side of the network's square input in pixels. */
  size: z.int().positive(),
  batchSize: z.int().positive(),
});

/** Schema of the engine that computed the run. */
export const backendSchema = z.strictObject({
  name: z.string().min(1),
  threads: z.int().positive(),
});

/** Schema of the versions of what took part. */
export const versionsSchema = z.strictObject({
  project: z.string(),
  deno: z.string(),
  v8: z.string(),
  typescript: z.string(),
  tfjs: z.string(),
  sharp: z.string(),
});

/** Schema of the machine that computed the run. */
export const machineSchema = z.strictObject({
  /** The processor's name. */
  cpu: z.string(),
  cores: z.int().positive(),
  memoryGiB: z.number().positive(),
  os: z.string(),
});

/** Schema of when a run ended and how long it took. */
export const timeSchema = z.strictObject({
  /** ISO 8601 date and time. */
  finished: z.iso.datetime({ offset: true }),
  trainingSeconds: z.number().nonnegative(),
  testSeconds: z.number().nonnegative(),
});

/** Schema of `config.json`. */
export const runConfigSchema = z.strictObject({
  /** Name of the experiment. */
  experiment: z.enum(EXPERIMENT_NAMES),
  dataset: datasetSchema,
  profile: profileSchema,
  seed: z.int().nonnegative(),
  /** The labels of the network's outputs, in order. */
  labels: z.array(z.string()).min(1),
  backend: backendSchema,
  versions: versionsSchema,
  machine: machineSchema,
  time: timeSchema,
});

/** What a run was made with. */
export type RunConfig = z.infer<typeof runConfigSchema>;

/** The data set as a run saw it. */
export type DatasetConfig = z.infer<typeof datasetSchema>;

/**
 * Writes `config.json`; the file appears whole or not at all.
 *
 * @throws {Error} that names the fields that do not fit the schema.
 */
export function writeRunConfig(path: string, config: RunConfig): Promise<void> {
  return writeCheckedJson(path, runConfigSchema, config);
}

/**
 * Reads `config.json` back.
 *
 * @throws {Error} that names the file and the fields that are missing or wrong.
 */
export function readRunConfig(path: string): Promise<RunConfig> {
  return readCheckedJson(path, runConfigSchema, WAY_OUT);
}
