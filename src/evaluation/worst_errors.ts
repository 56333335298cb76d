import type { Group } from "../data/categories.ts";
import { correctLabel } from "../data/labels.ts";
import type { PredictionTable } from "./predictions.ts";

/**
 * The pictures of one group whose highest scores are at wrong labels (`predicted`), the highest
 * first; scores are means over the runs. Pictures whose correct label scores highest are not errors.
 *
 * @param tables of runs with the same labels, tested on the same pictures in any order
 * @param limit the most pictures to return
 */
export function worstErrors(
  tables: readonly PredictionTable[],
  group: Group,
  limit: number,
) {
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
    .flatMap((picture) => {
      const { path, category } = picture;
      const scores = meanScores(path);
      const score = Math.max(...scores);
      const predicted = labels[scores.indexOf(score)]!;
      return predicted === correctLabel(picture) ? [] : [{ path, category, predicted, score }];
    })
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
    .slice(0, limit);
}
