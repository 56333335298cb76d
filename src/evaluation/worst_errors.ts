/**
 * The pictures that the runs of one experiment are most wrong about.
 *
 * @module
 */
import type { Group } from "../data/categories.ts";
import { correctLabel } from "../data/labels.ts";
import type { PredictionTable } from "./predictions.ts";

/** A picture with the wrong label that scores highest. */
export interface WorstError {
  /** The picture's path in the data set. */
  readonly path: string;
  readonly category: string;
  /** The wrong network label with the highest score. */
  readonly predicted: string;
  /** That label's score: its mean over the runs. */
  readonly score: number;
}

/**
 * The pictures of one group whose highest scores are at wrong labels, the highest first; scores are
 * means over the runs. Pictures whose correct label scores highest are not errors.
 *
 * @param tables of runs with the same labels, tested on the same pictures in any order
 * @param limit how many pictures at most
 */
export function worstErrors(
  tables: readonly PredictionTable[],
  group: Group,
  limit: number,
): WorstError[] {
  const [first] = tables;
  if (first === undefined) return [];
  const { labels } = first;
  const scoresByPath = tables.map(({ predictions }) =>
    new Map(predictions.map(({ path, scores }) => [path, scores]))
  );
  const meanScores = (path: string) =>
    labels.map((_, label) =>
      scoresByPath.reduce((sum, scores) => sum + scores.get(path)![label]!, 0) / tables.length
    );
  return first.predictions
    .filter((prediction) => prediction.group === group)
    .flatMap((picture): WorstError[] => {
      const scores = meanScores(picture.path);
      const label = scores.indexOf(Math.max(...scores));
      const predicted = labels[label]!;
      if (predicted === correctLabel(picture)) return [];
      return [{ path: picture.path, category: picture.category, predicted, score: scores[label]! }];
    })
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
    .slice(0, limit);
}
