/**
 * The schema of a study's `results.json`.
 *
 * @module
 */
import { z } from "zod";
import { GROUPS } from "../data/categories.ts";
import { categoryNamesSchema } from "../data/category_names.ts";
import { recordOf, REJECTED_GROUPS } from "../evaluation/measures.ts";
import { profileSchema } from "../runs/run_config.ts";

/** The training with which all others are compared: the article's baseline. */
export const REFERENCE_TRAINING = "bce-na";

/** A placeholder for the score chosen on validation pictures in each unit. */
export const CHOSEN_SCORE = "chosen";

/** The measures against a group, in the order of tables. */
export const GROUP_MEASURES = [
  "auroc",
  "auprIn",
  "auprOut",
  "fprAt95Tpr",
  "fprAt95TprOfOthers",
  "oscrArea",
  "ccrAtFpr10",
  "ccrAtFpr1",
  "rejected",
] as const;

/** The measures for which differences are computed. */
export const COMPARED_MEASURES = ["auroc", "oscrArea", "rejected"] as const;

const share = z.number().min(0).max(1);
const name = z.string().min(1);
const fields = <K extends string, T extends z.ZodType>(names: readonly K[], value: T) =>
  z.strictObject(recordOf(names, () => value));
const byRejectedGroup = <T extends z.ZodType>(value: T) =>
  fields(REJECTED_GROUPS, value.nullable());

const scoreMeasures = z.strictObject({
  threshold: z.number(),
  validationAuroc: share,
  knownAccepted: share,
  knownCorrect: share,
  ...byRejectedGroup(fields(GROUP_MEASURES, share)).shape,
});

const unitSchema = z.strictObject({
  split: name,
  seed: z.int().nonnegative(),
  training: name,
  /** The options of the chosen loss, if there were several candidates. */
  options: z.record(z.string(), z.number()).nullable(),
  accuracy: share,
  /** The shares of correct pictures when the highest output decides, without a threshold. */
  argmax: z.strictObject({ knownCorrect: share, ...byRejectedGroup(share).shape }),
  /** The score with the highest AUROC on validation pictures. */
  chosenScore: name,
  /** Measures by the name of the score. */
  scores: z.record(name, scoreMeasures),
});

const summary = z.strictObject({
  mean: z.number(),
  standardDeviation: z.number().nonnegative().nullable(),
});
const difference = summary.extend({
  low: z.number(),
  high: z.number(),
  pairs: z.int().positive(),
});
const differences = z.strictObject({
  accuracy: difference,
  knownCorrect: difference,
  ...byRejectedGroup(fields(COMPARED_MEASURES, difference)).shape,
});

/** The schema. */
export const studyResultsSchema = z.strictObject({
  dataset: name,
  categoryNames: categoryNamesSchema,
  profile: profileSchema,
  /** All splits, except those with a held-out category. */
  splits: z.array(z.strictObject({ name, groups: fields(GROUPS, z.array(name)) })),
  seeds: z.array(z.int().nonnegative()),
  trainings: z.array(z.strictObject({
    name,
    title: name,
    /** The loss with its options; if there are several candidates, the options they share. */
    loss: name,
    trainsUnknown: z.boolean(),
    /** The name of its default score. */
    ownScore: name,
  })),
  /** Titles by name. */
  scores: z.record(name, name),
  units: z.array(unitSchema),
  heldOutUnits: z.array(unitSchema.extend({ heldOut: name })),
  /** Missing units, expected because others have the same training, split or seed. */
  missing: z.array(z.string()),
  /**
   * Over splits and seeds: one row per training and applicable score, and one for the chosen score.
   */
  table: z.array(z.strictObject({
    training: name,
    score: name,
    units: z.int().positive(),
    accuracy: summary,
    knownAccepted: summary,
    knownCorrect: summary,
    ...byRejectedGroup(fields(GROUP_MEASURES, summary)).shape,
  })),
  /**
   * Each training minus the reference, by their own scores. Like all differences, only where there
   * are at least two pairs of split and seed.
   */
  trainingDifferences: z.array(z.strictObject({ training: name, differences })),
  /** The chosen score of each training minus its own. */
  choiceDifferences: z.array(z.strictObject({ training: name, differences })),
  /** Shares of correct pictures: by the threshold of a training's own score minus by argmax. */
  thresholdDifferences: z.array(z.strictObject({
    training: name,
    knownCorrect: difference,
    ...byRejectedGroup(difference).shape,
  })),
  /** Measures with thresholds chosen against a held-out category minus against unknown pictures. */
  heldOutDifferences: z.array(z.strictObject({ training: name, differences })),
  /**
   * Rank tests of trainings by their own scores: AUROCs over the blocks that all trainings have.
   */
  rankTests: byRejectedGroup(z.strictObject({
    trainings: z.array(name),
    blocks: z.int().positive(),
    meanRanks: z.array(z.number()),
    statistic: z.number().nonnegative(),
    p: share,
    criticalDifference: z.number().positive(),
    pairs: z.array(z.strictObject({ first: name, second: name, p: share, corrected: share })),
  })),
  /** Shares of the variance of AUROCs, by the scores that all trainings have. */
  variance: byRejectedGroup(z.strictObject({
    scores: z.array(name),
    shares: z.record(name, z.number()),
  })),
});

/** The content of a study's `results.json`. */
export type StudyResults = z.infer<typeof studyResultsSchema>;

/** A unit with its measures. */
export type MeasuredUnit = StudyResults["units"][number];

/** Differences between two methods. */
export type Differences = z.infer<typeof differences>;
