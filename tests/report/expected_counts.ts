/**
 * What a report's interactive confusion matrix has to draw.
 *
 * @module
 */
import { confusionMatrix } from "../../src/evaluation/confusion_matrix.ts";
import { decidedLabels, threshold as thresholdAt } from "../../src/evaluation/decisions.ts";
import type { Run } from "../../src/runs/read_runs.ts";

/** All pictures by correct label and given label, row by row; means over the runs. */
export function expectedCounts(runs: readonly Run[], threshold: number): number[] {
  const known = [...runs[0]!.config.dataset.groups.known].sort();
  const columns = [...known, "na"];
  const rows = [...known, "unknown", "unseen"];
  const matrices = runs.map(({ predictions: { labels, predictions } }) => {
    const scores = predictions.map((prediction) => prediction.scores);
    const given = decidedLabels(labels, scores, thresholdAt(threshold));
    return confusionMatrix(
      predictions.map(({ group, label }) => rows.indexOf(group === "known" ? label : group)),
      given.map((label) => columns.indexOf(label)),
      rows.length,
      columns.length,
    ).flat();
  });
  return matrices[0]!.map((_, cell) =>
    matrices.reduce((sum, matrix) => sum + matrix[cell]!, 0) / runs.length
  );
}
