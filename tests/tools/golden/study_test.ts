import assert from "node:assert/strict";
import { passes } from "../../../src/tools/golden/golden.ts";
import {
  runFittedScores,
  runPytorchOodLosses,
  runRankTests,
  runStudyMetrics,
} from "../../../src/tools/golden/study.ts";
import { assertAgrees, vectors } from "./vectors.ts";

Deno.test("losses with pictures of no output agree with pytorch-ood", () =>
  assertAgrees("pytorch_ood_losses", runPytorchOodLosses));

Deno.test("fitted scores agree with their formulas in NumPy, and with pytorch-ood", () =>
  assertAgrees("fitted_scores", runFittedScores));

Deno.test("measures of scores with ties agree with scikit-learn and pytorch-ood to 1e-9", () =>
  assertAgrees("study_metrics", runStudyMetrics));

Deno.test("rank tests agree with SciPy", () => assertAgrees("rank_tests", runRankTests));

Deno.test("the runners of the study report references that are off", async () => {
  const failedOf = (comparisons: ReturnType<typeof runStudyMetrics>) =>
    comparisons.filter((comparison) => !passes(comparison)).map(({ name }) => name);
  const [metrics] = await vectors("study_metrics") as [{ fprAt95TprOfOthers: number }];
  metrics.fprAt95TprOfOthers += 1e-8;
  assert.deepEqual(failedOf(runStudyMetrics([metrics])), ["case 0, fprAt95TprOfOthers"]);
  const [scores] = await vectors("fitted_scores") as [
    { scores: { react: { values: { data: number[] } } } },
  ];
  scores.scores.react.values.data[0]! += 1e-4;
  assert.deepEqual(failedOf(runFittedScores([scores])), ["no na, react, values"]);
  const [ranks] = await vectors("rank_tests") as [{ pairs: { corrected: number }[] }];
  ranks.pairs[0]!.corrected -= 1e-3;
  assert.deepEqual(failedOf(runRankTests([ranks])), ["case 0, corrected p"]);
});
