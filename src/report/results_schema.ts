/**
 * The schema of `results.json`.
 *
 * @module
 */
import { z } from "zod";
import { GROUPS } from "../data/categories.ts";
import { CORRECT_COUNTS, recordOf, REJECTED_GROUPS } from "../evaluation/measures.ts";
import { definitionsSchema } from "../runs/definitions.ts";
import {
  datasetSchema,
  experimentSchema,
  profileSchema,
  provenanceSchema,
} from "../runs/run_config.ts";
import { historyRowSchema } from "../training/history.ts";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const name = z.string().min(1);
const byName = <T extends z.ZodType>(value: T) => z.record(name, value);
const alike = <K extends string, T extends z.ZodType>(fields: readonly K[], value: T) =>
  z.strictObject(recordOf(fields, () => value));
const byRejectedGroup = <T extends z.ZodType>(value: T) => alike(REJECTED_GROUPS, value.nullable());
const correctCounts = <T extends z.ZodType>(value: T) => alike(CORRECT_COUNTS, value);
const RANKED_MEASURES = ["auroc", "fprAt95Tpr", "oscrArea"] as const;
const accuracyName = z.enum(["accuracy", "accuracy_without_na", "accuracy_with_na"]);
const summary = z.strictObject({
  mean: z.number(),
  standardDeviation: z.number().nonnegative().nullable(),
});
const shareInterval = z.strictObject({ low: share, high: share });
const difference = summary.extend({ low: z.number(), high: z.number() });
const correctDifferences = correctCounts(difference.nullable());
/** Known categories first, then unknown and unseen; sorted within a group. */
const category = <T extends z.ZodRawShape>(measures: T) =>
  z.strictObject({ category: z.string(), group: z.enum(GROUPS), images: count, ...measures });
const lastEpoch = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    train_loss: value,
    valid_loss: value,
    accuracy: value,
    accuracy_without_na: value.nullable(),
    accuracy_with_na: value.nullable(),
  });

/** Measures shared by a run (as numbers) and by the summary of several runs (as summaries). */
const commonMeasures = <C extends z.ZodType, S extends z.ZodType>(counted: C, shared: S) => {
  const row = z.array(counted).readonly();
  return {
    /** Counts by the name of the decision, as are confusions and categories. */
    decisions: byName(correctCounts(counted)),
    /** Numbers of pictures by correct label (rows) and given label (columns). */
    confusion: byName(z.strictObject({
      /**
       * The known categories in network order; if there are many, the most confused ones and a
       * column for all others, see `OTHER_CATEGORIES`; then `na`.
       */
      columns: z.array(z.string()).readonly(),
      /** One row per known category with a column, in the same order. */
      known: z.array(row).readonly(),
      /** All unknown pictures together. */
      unknown: row,
      unseen: row,
    })),
    /** Measures by the name of the score; scores that do not apply are left out. */
    openSet: byName(byRejectedGroup(alike([...RANKED_MEASURES, "auprIn", "auprOut"], shared))),
    thresholdSweep: z.array(correctCounts(counted).extend({ threshold: share })).readonly(),
  };
};

/** `null` if there are no known pictures. */
const calibration = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    /** The highest known score against the correctness of its label. */
    knownLabels: value,
    /**
     * The highest of all scores, where a known picture labelled `na` counts as wrong; `null` for
     * a network without that output.
     */
    allLabels: value.nullable(),
  }).nullable();
const calibrated = z.strictObject({
  expectedError: share,
  bins: z.array(z.strictObject({ images: count, correct: count, meanScore: share.nullable() }))
    .readonly(),
});

const runSchema = z.strictObject({
  seed: count,
  ...provenanceSchema.shape,
  /** Digests of the definitions behind the run, see `runs/definitions.ts`. */
  definitions: definitionsSchema.optional(),
  /** Number of rows of `history.csv`. */
  epochs: z.int().positive(),
  /** The number of these rows per phase, in order. */
  phases: z.array(z.strictObject({ name: z.string(), epochs: z.int().positive() })).readonly(),
  /** The last row of `history.csv`. */
  lastEpoch: lastEpoch(z.number()),
  /** Computed from `predictions.csv`, see `evaluation/measures.ts`. */
  measures: z.strictObject({
    images: alike(GROUPS, count),
    ...commonMeasures(count, share),
    calibration: calibration(calibrated),
    categories: z.array(category({ correct: byName(count) })).readonly(),
  }),
});

/** Means and standard deviations of the runs' figures over the seeds. */
const summarySchema = z.strictObject({
  ...commonMeasures(summary, summary),
  /** Wilson's intervals of the shares of each group; `null` for a group without pictures. */
  intervals: byName(correctCounts(shareInterval.nullable())),
  /** Expected calibration errors. */
  calibration: calibration(summary),
  categories: z.array(category({ correct: byName(summary), intervals: byName(shareInterval) }))
    .readonly(),
  lastEpoch: lastEpoch(summary),
});

/** Differences of two experiments, by the same decisions and by each score. */
const experimentDifferences = {
  seeds: z.array(count).readonly(),
  decisions: byName(correctDifferences),
  openSet: byName(byRejectedGroup(alike(RANKED_MEASURES, difference))),
};

const worstErrors = z.array(
  z.strictObject({ path: z.string(), category: z.string(), predicted: z.string(), score: share }),
).readonly();

const decided = z.strictObject({ experiment: name, decision: name });

/** Schema of `results.json`. */
export const resultsSchema = z.strictObject({
  dataset: datasetSchema,
  profile: profileSchema,
  /** The decisions every experiment is compared under; some also have one of their own. */
  decisions: z.array(name).min(1),
  /** Readable titles of the scores, by name. */
  scores: byName(z.string()),
  experiments: z.array(experimentSchema.extend({
    /** The labels of the network's outputs, in order. */
    labels: z.array(z.string()),
    /** One entry per seed, in order of the seeds. */
    runs: z.array(runSchema).min(1),
    summary: summarySchema,
    /** See `evaluation/worst_errors.ts`. */
    worstErrors: alike(GROUPS, worstErrors),
  })).min(1),
  /** Number of resamples behind the intervals of differences. */
  resamples: z.int().positive(),
  /** Every later experiment minus every earlier one; see `evaluation/differences.ts`. */
  differences: z.array(z.strictObject({
    first: name,
    second: name,
    ...experimentDifferences,
  })).readonly(),
  /** Each experiment minus the same from another start, if that ran with the same seeds. */
  otherStart: z.strictObject({
    profile: name,
    /** Runs that differ in more than their start: their experiments and seeds. */
    leftOut: z.array(z.string()).readonly(),
    differences: z.array(z.strictObject({
      experiment: name,
      ...experimentDifferences,
      /** The epochs of the other start's runs, in order of the seeds. */
      histories: z.array(z.array(historyRowSchema).readonly()).readonly(),
    })).readonly(),
  }).nullable(),
  /** Further requested differences, where both experiments ran. */
  comparisons: z.array(
    z.strictObject({ first: decided, second: decided, differences: correctDifferences }),
  ).readonly(),
  /** Our measures beside those that others report, see `report/reference.ts`. */
  references: z.array(z.strictObject({
    source: name,
    published: z.boolean(),
    experiment: name,
    accuracies: z.array(z.strictObject({
      metric: accuracyName,
      /** One entry per epoch that both have, from the first epoch on. */
      epochs: z.array(z.strictObject({ ours: summary, reported: share })).readonly(),
    })).readonly(),
    counts: z.array(z.strictObject({
      decision: name,
      measure: z.enum(CORRECT_COUNTS),
      /** Numbers of correct pictures: `ours` of `images`, and `reported` of `reportedImages`. */
      ours: summary,
      images: count,
      reported: count,
      reportedImages: count,
      /** The difference of the shares, with Newcombe's interval. */
      difference,
    })).readonly(),
  })).readonly(),
  /** Runs that were not finished when the report was made. */
  unfinishedRuns: z.array(z.string()).readonly(),
});

/** Every measure of the report with the configuration it was made with. */
export type Results = z.infer<typeof resultsSchema>;

/** The results of one experiment. */
export type ExperimentResults = Results["experiments"][number];
