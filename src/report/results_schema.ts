/**
 * What `results.json` holds.
 *
 * @module
 */
import { z } from "zod";
import { GROUPS } from "../data/categories.ts";
import {
  backendSchema,
  datasetSchema,
  machineSchema,
  profileSchema,
  runConfigSchema,
  timeSchema,
  versionsSchema,
} from "../runs/run_config.ts";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const experimentName = runConfigSchema.shape.experiment;
const decisionName = z.enum(["argmax", "threshold 0.4", "threshold 0.5"]);
const rightCountName = z.enum(["knownRight", "unknownRejected", "unseenRejected", "totalRight"]);
const accuracyName = z.enum(["accuracy", "accuracy_without_na", "accuracy_with_na"]);
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
const confusion = <T extends z.ZodType>(value: T) => {
  const row = z.array(value).readonly();
  return z.strictObject({
    columns: z.array(z.string()).readonly(),
    known: z.array(row).readonly(),
    unknown: row,
    unseen: row,
  });
};
const category = <T extends z.ZodRawShape>(figures: T) =>
  z.strictObject({ category: z.string(), group: z.enum(GROUPS), images: count, ...figures });
const sweep = <T extends z.ZodType>(value: T) =>
  z.array(rightCounts(value).extend({ threshold: share })).readonly();
const lastEpoch = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    train_loss: value,
    valid_loss: value,
    accuracy: value,
    accuracy_without_na: value.nullable(),
    accuracy_with_na: value.nullable(),
  });
const summary = z.strictObject({
  mean: z.number(),
  standardDeviation: z.number().nonnegative().nullable(),
});
const shareInterval = z.strictObject({ low: share, high: share });
const difference = summary.extend({ low: z.number(), high: z.number() });
const rightDifferences = rightCounts(difference.nullable());
const openSetDifferences = byRejectedGroup(
  z.strictObject({ auroc: difference, fprAt95Tpr: difference, oscrArea: difference }),
);
const calibration = z.strictObject({
  expectedError: share,
  bins: z.array(z.strictObject({ images: count, right: count, meanScore: share.nullable() }))
    .readonly(),
});
const calibrationFigures = <T extends z.ZodType>(value: T) =>
  z.strictObject({ knownLabels: value, allLabels: value.nullable() });
const worstErrors = z.array(
  z.strictObject({ path: z.string(), category: z.string(), answer: z.string(), score: share }),
).readonly();

const figuresSchema = z.strictObject({
  images: z.strictObject({ known: count, unknown: count, unseen: count }),
  decisions: byDecision(rightCounts(count)),
  confusion: byDecision(confusion(count)),
  openSet: byRejectedGroup(openSet(share)),
  openSetWithNa: byRejectedGroup(openSet(share)).nullable(),
  calibration: calibrationFigures(calibration).nullable(),
  categories: z.array(category({ right: byDecision(count) })).readonly(),
  thresholdSweep: sweep(count),
});

const runSchema = z.strictObject({
  seed: count,
  backend: backendSchema,
  versions: versionsSchema,
  machine: machineSchema,
  time: timeSchema,
  /** Number of rows of `history.csv`. */
  epochs: z.int().positive(),
  /** These rows by phase, in order. */
  phases: z.array(z.strictObject({ name: z.string(), epochs: z.int().positive() })).readonly(),
  /** The last row of `history.csv`. */
  lastEpoch: lastEpoch(z.number()),
  /** Computed from `predictions.csv`; see `RunFigures`. */
  figures: figuresSchema,
});

/** Mean and standard deviation over the seeds of what the runs say. */
const summarySchema = z.strictObject({
  decisions: byDecision(rightCounts(summary)),
  /** Wilson's, of the shares of each group; `null` for a group without pictures. */
  intervals: byDecision(rightCounts(shareInterval.nullable())),
  confusion: byDecision(confusion(summary)),
  openSet: byRejectedGroup(openSet(summary)),
  openSetWithNa: byRejectedGroup(openSet(summary)).nullable(),
  /** Expected calibration errors. */
  calibration: calibrationFigures(summary).nullable(),
  categories: z.array(
    category({ right: byDecision(summary), intervals: byDecision(shareInterval) }),
  ).readonly(),
  thresholdSweep: sweep(summary),
  lastEpoch: lastEpoch(summary),
});

const experimentSchema = z.strictObject({
  name: experimentName,
  title: z.string(),
  /** The labels of the network's outputs, in order. */
  labels: z.array(z.string()),
  /** One entry per seed, in order of the seeds. */
  runs: z.array(runSchema).min(1),
  summary: summarySchema,
  /** See `evaluation/worst_errors.ts`. */
  worstErrors: z.strictObject({ known: worstErrors, unknown: worstErrors, unseen: worstErrors }),
});

/** Schema of `results.json`. */
export const resultsSchema = z.strictObject({
  dataset: datasetSchema,
  profile: profileSchema,
  experiments: z.array(experimentSchema).min(1),
  /** Number of resamples behind the intervals of differences. */
  resamples: z.int().positive(),
  /** Every later experiment minus every earlier one; see `evaluation/differences.ts`. */
  differences: z.array(z.strictObject({
    first: experimentName,
    second: experimentName,
    seeds: z.array(count).readonly(),
    decisions: byDecision(rightDifferences),
    openSet: openSetDifferences,
    openSetWithNa: openSetDifferences.nullable(),
  })).readonly(),
  /**
   * The article's comparison taken apart; `null` without its two experiments. `claimed` is BCENa at
   * threshold 0.5 minus BCE with na class by argmax; `byThreshold` is what the threshold alone does
   * to BCE with na class. The rest is the difference of the two at threshold 0.5.
   */
  gain: z.strictObject({ claimed: rightDifferences, byThreshold: rightDifferences }).nullable(),
  /** Our shares minus the article's, where it published them; empty for other data sets. */
  published: z.array(z.strictObject({
    experiment: experimentName,
    decision: decisionName,
    figure: rightCountName,
    /** Numbers of pictures of so many. */
    ours: summary,
    images: count,
    article: count,
    /** Of the shares, with Newcombe's interval. */
    difference,
  })).readonly(),
  /** Ours beside another program's runs at the same setting, see `report/pytorch.ts`. */
  pytorch: z.array(z.strictObject({
    experiment: experimentName,
    accuracies: z.array(z.strictObject({
      metric: accuracyName,
      /** One for each epoch that both have, from the first one. */
      epochs: z.array(z.strictObject({
        ours: summary,
        pytorch: share,
        article: share.nullable(),
      })).readonly(),
    })).readonly(),
    rightAnswers: z.array(z.strictObject({
      decision: decisionName,
      figure: rightCountName,
      /** Numbers of pictures of so many. */
      ours: summary,
      images: count,
      pytorch: count,
      /** Of the shares, with Newcombe's interval. */
      difference,
    })).readonly(),
  })).readonly(),
  /** Runs that were not finished when the report was made. */
  unfinishedRuns: z.array(z.string()).readonly(),
});

/** Every figure of the report with the configuration it was made with. */
export type Results = z.infer<typeof resultsSchema>;

/** The results of one experiment. */
export type ExperimentResults = Results["experiments"][number];
