/**
 * What the article published, to stand beside ours.
 *
 * @module
 */
import type { Reference } from "../report/reference.ts";
import type { EpochMeasures } from "../training/history.ts";
import history from "./article_history.json" with { type: "json" };
import { ARTICLE_PROFILE } from "./profile.ts";

const KNOWN = ["n02979186", "n03394916", "n03417042", "n03445777"];

/**
 * The article's epochs, counts and confusion matrices. Counts are absent where nothing published
 * gives them; those that its notebook does not print are derived from its confusion matrices and
 * accuracies. It prints one matrix without the unseen pictures and one whose `na` row is unknown and
 * unseen pictures together; the unseen row is their difference.
 */
export const ARTICLE: Reference = {
  source: "article",
  description:
    'article: K. Dylski, "Classifying unknown gestures with modified loss function" (28 ' +
    "September 2020). Its numbers are read from the outputs of its notebook: one run each with " +
    "fastai2, on Imagenette v2 at 128 pixels. Counts that the notebook does not print are derived " +
    "from its confusion matrices and accuracies.",
  dataset: "imagenette",
  profile: ARTICLE_PROFILE.name,
  published: true,
  images: { known: 1539, unknown: 1186, unseen: 1200 },
  runs: [
    {
      experiment: "bce",
      epochs: epochsOf(history.columns, history.epochs.bce),
      counts: {
        argmax: { knownCorrect: 1365, unknownRejected: 0, unseenRejected: 0, totalCorrect: 1365 },
      },
      confusions: {
        argmax: {
          known: KNOWN,
          rows: [
            [315, 21, 11, 10, 0],
            [14, 350, 14, 16, 0],
            [13, 10, 356, 10, 0],
            [21, 25, 9, 344, 0],
          ],
        },
      },
    },
    {
      experiment: "bce-na",
      epochs: epochsOf(history.columns, history.epochs["bce-na"]),
      counts: {
        argmax: {
          knownCorrect: 1285,
          unknownRejected: 1077,
          unseenRejected: 489,
          totalCorrect: 2851,
        },
        "threshold 0.4": { unseenRejected: 625, totalCorrect: 2982 },
      },
      confusions: {
        argmax: {
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
      },
    },
    {
      experiment: "bcena",
      epochs: epochsOf(history.columns, history.epochs.bcena),
      counts: {
        "threshold 0.4": { unseenRejected: 603, totalCorrect: 2924 },
        "threshold 0.5": {
          knownCorrect: 1188,
          unknownRejected: 1106,
          unseenRejected: 721,
          totalCorrect: 3015,
        },
      },
      confusions: {
        "threshold 0.5": {
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
      },
    },
  ],
};

/** One epoch per row, with the columns as its fields. */
export function epochsOf(
  columns: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): EpochMeasures[] {
  return rows.map((cells) =>
    Object.fromEntries(columns.map((column, index) => [column, cells[index]]))
  ) as unknown as EpochMeasures[];
}
