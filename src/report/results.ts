/**
 * `results.json`: every figure of the report with the configuration it was made with.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { GROUPS } from "../data/categories.ts";
import {
  type CategoryFigures,
  DECISION_NAMES,
  evaluate,
  type OpenSetFigures,
  type RejectedGroup,
  type RightCounts,
  type RunFigures,
} from "../evaluation/evaluate.ts";
import { summarise, type Summary } from "../evaluation/statistics.ts";
import { readCheckedJson, writeCheckedJson } from "./checked_json.ts";
import {
  backendSchema,
  datasetSchema,
  machineSchema,
  profileSchema,
  runConfigSchema,
  timeSchema,
  versionsSchema,
} from "./run_config.ts";
import type { Run, RunsFound } from "./runs.ts";

/** The file's name inside a results folder. */
export const RESULTS_FILE = "results.json";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const byDecision = <T extends z.ZodType>(value: T) =>
  z.strictObject({ "argmax": value, "threshold 0.4": value, "threshold 0.5": value });
const byRejectedGroup = <T extends z.ZodType>(value: T) =>
  z.strictObject({ unknown: value.nullable(), unseen: value.nullable() });
const rightCounts = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    knownRight: value,
    unknownRejected: value,
    unseenRejected: value,
    totalRight: value,
  });
const openSet = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    auroc: value,
    auprIn: value,
    auprOut: value,
    fprAt95Tpr: value,
    oscrArea: value,
  });
const category = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    category: z.string(),
    group: z.enum(GROUPS),
    images: count,
    right: byDecision(value),
  });
const lastEpoch = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    train_loss: value,
    valid_loss: value,
    accuracy: value,
    accuracy_without_na: value.nullable(),
    accuracy_with_na: value.nullable(),
  });
const countRow = z.array(count).readonly();
const summary = z.strictObject({
  mean: z.number(),
  standardDeviation: z.number().nonnegative().nullable(),
});

const figuresSchema = z.strictObject({
  images: z.strictObject({ known: count, unknown: count, unseen: count }),
  decisions: byDecision(rightCounts(count)),
  confusion: byDecision(z.strictObject({
    columns: z.array(z.string()).readonly(),
    known: z.array(countRow).readonly(),
    unknown: countRow,
    unseen: countRow,
  })),
  openSet: byRejectedGroup(openSet(share)),
  categories: z.array(category(count)).readonly(),
  thresholdSweep: z.array(rightCounts(count).extend({ threshold: share })).readonly(),
});

/** Schema of `results.json`. */
export const resultsSchema = z.strictObject({
  dataset: datasetSchema,
  profile: profileSchema,
  experiments: z.array(z.strictObject({
    name: runConfigSchema.shape.experiment,
    title: z.string(),
    /** The labels of the network's outputs, in order. */
    labels: z.array(z.string()),
    /** One entry per seed, in order of the seeds. */
    runs: z.array(z.strictObject({
      seed: count,
      backend: backendSchema,
      versions: versionsSchema,
      machine: machineSchema,
      time: timeSchema,
      /** Number of rows of `history.csv`. */
      epochs: z.int().positive(),
      /** The last row of `history.csv`. */
      lastEpoch: lastEpoch(z.number()),
      /** Computed from `predictions.csv`; see `RunFigures`. */
      figures: figuresSchema,
    })).min(1),
    /** Mean and standard deviation over the seeds of what the runs say. */
    summary: z.strictObject({
      decisions: byDecision(rightCounts(summary)),
      openSet: byRejectedGroup(openSet(summary)),
      categories: z.array(category(summary)).readonly(),
      lastEpoch: lastEpoch(summary),
    }),
  })).min(1),
  /** Runs that were not finished when the report was made. */
  unfinishedRuns: z.array(z.string()).readonly(),
});

/** Every figure of the report with the configuration it was made with. */
export type Results = z.infer<typeof resultsSchema>;

/** The results of one experiment. */
export type ExperimentResults = Results["experiments"][number];

/** Computes all figures from the predictions of the runs. */
export function resultsOf({ finished, unfinished }: RunsFound): Results {
  const { dataset, profile } = finished[0]!.config;
  const experiments = [...new Set(finished.map((run) => run.experiment))];
  return {
    dataset,
    profile,
    experiments: experiments.map((experiment) =>
      experimentResults(finished.filter((run) => run.experiment === experiment))
    ),
    unfinishedRuns: unfinished,
  };
}

/**
 * Writes `results.json` into a results folder; the file appears whole or not at all.
 *
 * @throws {Error} that names the fields that do not fit the schema.
 */
export function writeResults(runDirectory: string, results: Results): Promise<void> {
  return writeCheckedJson(join(runDirectory, RESULTS_FILE), resultsSchema, results);
}

/**
 * Reads `results.json` from a results folder.
 *
 * @throws {Error} that names the file and the fields that are missing or wrong.
 */
export function readResults(runDirectory: string): Promise<Results> {
  return readCheckedJson(
    join(runDirectory, RESULTS_FILE),
    resultsSchema,
    `build it again with \`deno task report ${runDirectory}\``,
  );
}

type LastEpoch = ExperimentResults["runs"][number]["lastEpoch"];

function experimentResults(runs: readonly Run[]): ExperimentResults {
  const { experiment, config } = runs[0]!;
  const figures = runs.map((run) => evaluate(run.predictions));
  const lastEpochs = runs.map(lastEpochOf);
  return {
    name: experiment.name,
    title: experiment.title,
    labels: config.labels,
    runs: runs.map(({ seed, history, config: { backend, versions, machine, time } }, index) => ({
      seed,
      backend,
      versions,
      machine,
      time,
      epochs: history.length,
      lastEpoch: lastEpochs[index]!,
      figures: figures[index]!,
    })),
    summary: {
      decisions: summariesByDecision((name) =>
        rightCountSummaries(figures.map((run) => run.decisions[name]))
      ),
      openSet: {
        unknown: openSetSummaries(figures, "unknown"),
        unseen: openSetSummaries(figures, "unseen"),
      },
      categories: categorySummaries(figures.map((run) => run.categories)),
      lastEpoch: lastEpochSummaries(lastEpochs),
    },
  };
}

function lastEpochOf({ history }: Run): LastEpoch {
  const { train_loss, valid_loss, accuracy, accuracy_without_na, accuracy_with_na } = history
    .at(-1)!;
  return { train_loss, valid_loss, accuracy, accuracy_without_na, accuracy_with_na };
}

function summariesByDecision<T>(
  summaries: (name: typeof DECISION_NAMES[number]) => T,
): Record<typeof DECISION_NAMES[number], T> {
  return {
    "argmax": summaries("argmax"),
    "threshold 0.4": summaries("threshold 0.4"),
    "threshold 0.5": summaries("threshold 0.5"),
  };
}

function rightCountSummaries(counts: readonly RightCounts[]): Record<keyof RightCounts, Summary> {
  const of = (field: keyof RightCounts) => summarise(counts.map((run) => run[field]));
  return {
    knownRight: of("knownRight"),
    unknownRejected: of("unknownRejected"),
    unseenRejected: of("unseenRejected"),
    totalRight: of("totalRight"),
  };
}

function openSetSummaries(
  figures: readonly RunFigures[],
  group: RejectedGroup,
): Record<keyof OpenSetFigures, Summary> | null {
  const runs = figures.map((run) => run.openSet[group]).filter((openSet) => openSet !== null);
  if (runs.length === 0) return null;
  const of = (field: keyof OpenSetFigures) => summarise(runs.map((run) => run[field]));
  return {
    auroc: of("auroc"),
    auprIn: of("auprIn"),
    auprOut: of("auprOut"),
    fprAt95Tpr: of("fprAt95Tpr"),
    oscrArea: of("oscrArea"),
  };
}

function categorySummaries(runs: readonly (readonly CategoryFigures[])[]) {
  return runs[0]!.map(({ category, group, images }, index) => ({
    category,
    group,
    images,
    right: summariesByDecision((name) =>
      summarise(runs.map((categories) => categories[index]!.right[name]))
    ),
  }));
}

function lastEpochSummaries(epochs: readonly LastEpoch[]) {
  const of = (field: "train_loss" | "valid_loss" | "accuracy") =>
    summarise(epochs.map((epoch) => epoch[field]));
  const ofOptional = (field: "accuracy_without_na" | "accuracy_with_na") => {
    const values = epochs.map((epoch) => epoch[field]).filter((value) => value !== null);
    return values.length === 0 ? null : summarise(values);
  };
  return {
    train_loss: of("train_loss"),
    valid_loss: of("valid_loss"),
    accuracy: of("accuracy"),
    accuracy_without_na: ofOptional("accuracy_without_na"),
    accuracy_with_na: ofOptional("accuracy_with_na"),
  };
}
