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
import type { HistoryRow } from "../training/history.ts";
import history from "./article_history.json" with { type: "json" };

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

/**
 * The article's epochs, in order over its two phases; `undefined` for an experiment that its
 * notebook did not run.
 */
export function publishedHistory(experiment: ExperimentName): readonly HistoryRow[] | undefined {
  const epochs = new Map<string, readonly (string | number | null)[][]>(
    Object.entries(history.epochs),
  );
  return epochs.get(experiment)?.map((cells, epoch) => {
    const row = Object.fromEntries(history.columns.map((column, index) => [column, cells[index]]));
    return { epoch, ...row } as unknown as HistoryRow;
  });
}

/** A confusion matrix of the article: rows as in `ConfusionCounts`, `na` the last column. */
export interface PublishedConfusion {
  readonly experiment: ExperimentName;
  readonly decision: DecisionName;
  /** The known categories, in the order of rows and columns. */
  readonly known: readonly string[];
  /** One row per known category, then one for unknown and one for unseen pictures if published. */
  readonly rows: readonly (readonly number[])[];
}

const KNOWN = ["n02979186", "n03394916", "n03417042", "n03445777"];

/**
 * The article's confusion matrices. Its notebook prints one without the unseen pictures and one
 * whose `na` row is unknown and unseen pictures together; the unseen row is their difference.
 */
export const PUBLISHED_CONFUSIONS: readonly PublishedConfusion[] = [
  {
    experiment: "bce",
    decision: "argmax",
    known: KNOWN,
    rows: [
      [315, 21, 11, 10, 0],
      [14, 350, 14, 16, 0],
      [13, 10, 356, 10, 0],
      [21, 25, 9, 344, 0],
    ],
  },
  {
    experiment: "bce-na",
    decision: "argmax",
    known: KNOWN,
    rows: [
      [315, 16, 7, 7, 12],
      [14, 329, 8, 5, 38],
      [9, 9, 319, 5, 47],
      [11, 19, 6, 322, 41],
      [19, 36, 16, 38, 1077],
      [233, 190, 112, 176, 489],
    ],
  },
  {
    experiment: "bcena",
    decision: "threshold 0.5",
    known: KNOWN,
    rows: [
      [305, 10, 6, 5, 31],
      [7, 300, 4, 5, 78],
      [9, 4, 280, 0, 96],
      [9, 12, 1, 303, 74],
      [14, 20, 9, 37, 1106],
      [181, 131, 55, 112, 721],
    ],
  },
];
