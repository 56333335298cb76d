/**
 * The figures the article published, to stand beside ours.
 *
 * Source: K. Dylski, "Classifying unknown gestures with modified loss function" (28 September
 * 2020), the outputs of its notebook `labs/bcena-experiments.ipynb`: one run each with fastai2, on
 * Imagenette v2 at 128 pixels. Counts that the notebook does not print are derived from its
 * confusion matrices and accuracies.
 *
 * @module
 */
import type { DecisionName, RightCounts } from "../evaluation/evaluate.ts";
import type { ExperimentName } from "../experiments.ts";

/** The data set and profile that the article's figures belong to. */
export const ARTICLE_SETTING = { dataset: "imagenette", profile: "article" } as const;

/** Numbers of test pictures that the article's counts are parts of. */
export const ARTICLE_TEST_IMAGES = { known: 1539, unknown: 1186, unseen: 1200 } as const;

/** One row of the article's comparison; a count is absent where nothing published gives it. */
export interface PublishedFigures extends Partial<RightCounts> {
  readonly experiment: ExperimentName;
  readonly decision: DecisionName;
}

/** The article's numbers of right answers. */
export const PUBLISHED: readonly PublishedFigures[] = [
  {
    experiment: "bce",
    decision: "argmax",
    knownRight: 1365,
    unknownRejected: 0,
    unseenRejected: 0,
    totalRight: 1365,
  },
  {
    experiment: "bce-na",
    decision: "argmax",
    knownRight: 1285,
    unknownRejected: 1077,
    unseenRejected: 489,
    totalRight: 2851,
  },
  { experiment: "bce-na", decision: "threshold 0.4", unseenRejected: 625, totalRight: 2982 },
  { experiment: "bcena", decision: "threshold 0.4", unseenRejected: 603, totalRight: 2924 },
  {
    experiment: "bcena",
    decision: "threshold 0.5",
    knownRight: 1188,
    unknownRejected: 1106,
    unseenRejected: 721,
    totalRight: 3015,
  },
];

/** The article's row for an experiment and a decision, if it published one. */
export function publishedFigures(
  experiment: ExperimentName,
  decision: DecisionName,
): PublishedFigures | undefined {
  return PUBLISHED.find((row) => row.experiment === experiment && row.decision === decision);
}
