/**
 * `config.json`: the configuration of a run, with which its measures can be understood and
 * repeated.
 *
 * @module
 */
import { z } from "zod";
import { GROUPS } from "../data/categories.ts";
import { categoryNamesSchema } from "../data/category_names.ts";
import { NA } from "../data/labels.ts";
import type { ExperimentDescription } from "../experiments.ts";
import { readCheckedJson, requireFit, writeCheckedJson } from "../files/checked_json.ts";
import { architectureSchema, pictureSize } from "../model/network.ts";
import type { Profile } from "../profiles.ts";
import { definitionsSchema } from "./definitions.ts";
import { fileDigestsSchema } from "./file_digests.ts";
import { RUN_REMEDY } from "./run_remedy.ts";

/** The file's name inside a run's folder. */
export const CONFIG_FILE = "config.json";

// Limits far beyond any real training: values outside them indicate damage.
const count = z.int().min(0).max(1e9);
const positiveCount = z.int().min(1).max(1e6);
const seconds = z.number().min(0).max(1e9);
const learningRate = z.number().min(0).max(1e3);
const divisor = z.number().positive().max(1e15);

const byGroup = z.strictObject({ known: count, unknown: count, unseen: count });
const category = z.string().min(1).refine((name) => name !== NA, {
  error: `"${NA}" is the label of no category; rename the folder`,
});

/** Schema of a data set at the time of a run. */
export const datasetSchema = z.strictObject({
  /** For example `imagenette`. */
  name: z.string().min(1),
  /** The folder of the user's own pictures; relative to this project if inside it. */
  folder: z.string().min(1).optional(),
  /** Folder names by group. */
  groups: z.strictObject({
    known: z.array(category).min(1).readonly(),
    unknown: z.array(category).readonly(),
    unseen: z.array(category).readonly(),
  }).refine((groups) => {
    const categories = Object.values(groups).flat();
    return new Set(categories).size === categories.length;
  }, { error: "a category is listed twice" }),
  /** Numbers of pictures by group. */
  counts: z.strictObject({ train: byGroup, test: byGroup }),
  /** Readable names of the folders, for plots and tables. */
  categoryNames: categoryNamesSchema.optional(),
  /** Unusable pictures that were left out, each with the reason. */
  leftOut: z.array(z.strictObject({ path: z.string(), reason: z.string() })).readonly().optional(),
  /** Why this data set replaced the usual one: a sentence for the reader of the report. */
  substitution: z.string().min(1).optional(),
});

/** Schema of a profile, see `profiles.ts`. */
export const profileSchema = z.strictObject({
  name: z.string().min(1),
  /** Side of the network's square input in pixels. */
  size: pictureSize,
  crop: z.boolean().optional(),
  batchSize: positiveCount,
  minimumSteps: positiveCount.optional(),
  weightDecay: z.number().min(0).max(1).optional(),
  start: z.record(z.string(), z.string()).optional(),
  phases: z.array(z.strictObject({
    name: z.string().min(1),
    epochs: positiveCount,
    frozen: z.array(z.string()).readonly(),
    schedule: z.strictObject({
      maxLearningRates: z.union([learningRate, z.record(z.string(), learningRate)]),
      pctStart: z.number().gt(0).lt(1),
      div: divisor,
      finalDiv: divisor,
    }),
  })).min(1).readonly(),
});

/** Schema of an experiment as plain data without its name, see `ExperimentDescription`. */
const descriptionSchema = z.strictObject({
  title: z.string().min(1),
  loss: z.strictObject({
    name: z.string().min(1),
    title: z.string().min(1),
    options: z.record(z.string(), z.number()).optional(),
  }),
  /** The function from the logits in `predictions.csv` to scores. */
  activation: z.enum(["softmax", "sigmoid"]),
  naTarget: z.enum(["untrained", "output", "zeros", "uniform", "none"]),
  trainingGroups: z.array(z.enum(GROUPS)).min(1).readonly(),
  /** The name of the decision behind the column `predicted`. */
  decision: z.string().min(1),
  network: architectureSchema,
  /** The start of each parameter group; digests of trained networks are in `definitions`. */
  start: z.record(z.string(), z.string()),
});

/** Schema of an experiment in reports. */
export const experimentSchema = descriptionSchema.extend({ name: z.string().min(1) });

/**
 * Checks before training that an experiment and its profile can be saved.
 *
 * @throws {Error} that names the fields that do not fit
 */
export function checkDescription(description: ExperimentDescription, profile: Profile): void {
  const remedy = "correct its definition";
  requireFit(`experiment "${description.name}"`, experimentSchema, asJson(description), remedy);
  requireFit(`profile "${profile.name}"`, profileSchema, asJson(profile), remedy);
}

/** Schema of a run's origin: engine, software, machine and time. */
export const provenanceSchema = z.strictObject({
  /** The engine. */
  backend: z.strictObject({ name: z.string().min(1), threads: positiveCount }),
  /** The versions of the software. */
  versions: z.strictObject({
    project: z.string(),
    deno: z.string(),
    v8: z.string(),
    typescript: z.string(),
    tfjs: z.string(),
    sharp: z.string(),
  }),
  machine: z.strictObject({
    /** The processor's name. */
    cpu: z.string(),
    cores: positiveCount,
    memoryGiB: z.number().min(0).max(1e6),
    os: z.string(),
  }),
  time: z.strictObject({
    /** ISO 8601 date and time. */
    finished: z.iso.datetime({ offset: true }),
    trainingSeconds: seconds,
    testSeconds: seconds,
  }),
});

const runConfigSchema = z.strictObject({
  /** Name of the experiment. */
  experiment: z.string().min(1),
  ...descriptionSchema.shape,
  dataset: datasetSchema,
  profile: profileSchema,
  seed: z.int().nonnegative(),
  /** The labels of the network's outputs, in order. */
  labels: z.array(z.string()).min(1),
  /** Digests of definitions from outside this project. */
  definitions: definitionsSchema.optional(),
  /** Digests of the run's tables; older runs have none. */
  digests: fileDigestsSchema.optional(),
  ...provenanceSchema.shape,
});

/** The configuration of a run: the content of `config.json`. */
export type RunConfig = z.infer<typeof runConfigSchema>;

/** A data set at the time of a run. */
export type DatasetConfig = z.infer<typeof datasetSchema>;

/** The experiment that a configuration describes. */
export function descriptionIn(config: RunConfig): z.infer<typeof experimentSchema> {
  const { experiment: name } = config;
  const { title, loss, activation, naTarget, trainingGroups, decision, network, start } = config;
  return { name, title, loss, activation, naTarget, trainingGroups, decision, network, start };
}

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
  return readCheckedJson(path, runConfigSchema, RUN_REMEDY);
}

/** A deep copy by way of JSON, without undefined values. */
export function asJson(value: unknown) {
  return JSON.parse(JSON.stringify(value));
}
