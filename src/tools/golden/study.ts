/**
 * Runs `pytorch_ood_losses.json`, `fitted_scores.json`, `study_metrics.json` and `rank_tests.json`:
 * the trainings and scores of the study, and its statistics.
 *
 * @module
 */
import { z } from "zod";
import { NA } from "../../data/labels.ts";
import {
  ccrAtFpr,
  fprAt95TprOfOthers,
  openSetMeasures,
  rankScores,
} from "../../evaluation/open_set.ts";
import { criticalDifference, friedmanTest, rankedPairs } from "../../evaluation/rank_tests.ts";
import { energyRegularised } from "../../losses/energy_regularised.ts";
import { entropicOpenSet } from "../../losses/entropic_open_set.ts";
import { objectosphere } from "../../losses/objectosphere.ts";
import { nearestNeighbours } from "../../scores/nearest_neighbours.ts";
import { openMax } from "../../scores/openmax.ts";
import { react } from "../../scores/react.ts";
import { relativeMahalanobis } from "../../scores/relative_mahalanobis.ts";
import type { Score, ScoredNetwork } from "../../scores/score.ts";
import { virtualLogit } from "../../scores/vim.ts";
import {
  compare,
  type GoldenRunner,
  type GoldenTensor,
  goldenTensor,
  type Pair,
} from "./golden.ts";
import { compareLoss, lossInput, lossNumber } from "./losses.ts";

const lossReference = z.object({ loss: lossNumber, gradLogits: goldenTensor });
const lossCases = z.array(lossInput.extend({
  note: z.string(),
  energyRegularised: lossReference.extend({
    weight: z.number(),
    knownMargin: z.number(),
    unknownMargin: z.number(),
  }),
  entropicOpenSet: lossReference,
  objectosphere: lossReference.extend({
    weight: z.number(),
    minimumNorm: z.number(),
    gradFeatures: goldenTensor,
  }),
}));

/** Runs `pytorch_ood_losses.json`: losses with pictures that have no output, and the label -1. */
export const runPytorchOodLosses: GoldenRunner = (content) =>
  lossCases.parse(content).flatMap(({ note, ...vectors }) =>
    ([
      [energyRegularised(vectors.energyRegularised), vectors.energyRegularised],
      [entropicOpenSet, vectors.entropicOpenSet],
      [objectosphere(vectors.objectosphere), vectors.objectosphere],
    ] as const).flatMap(([loss, { loss: value, gradLogits: grad, ...others }]) =>
      compareLoss(`${note}, ${loss.name}`, loss, vectors, { loss: value, grad, ...others })
    )
  );

const scoreReference = z.object({
  options: z.record(z.string(), z.number()),
  /** Values of the paper's formula, in 64 bits. */
  values: goldenTensor,
  /** Values of pytorch-ood, in 32 bits. */
  pytorchOod: goldenTensor.optional(),
});
const scoreCases = z.array(z.object({
  note: z.string(),
  hasNa: z.boolean(),
  weights: goldenTensor,
  bias: goldenTensor,
  training: z.object({
    features: goldenTensor,
    logits: goldenTensor,
    labels: z.array(z.int()),
  }),
  test: z.object({ features: goldenTensor, logits: goldenTensor }),
  scores: z.record(z.string(), scoreReference),
}));

const FITTED: Readonly<Record<string, (options: Record<string, number>) => Score>> = {
  nearestNeighbours,
  relativeMahalanobis: () => relativeMahalanobis,
  virtualLogit,
  react,
  openMax,
};

/** Runs `fitted_scores.json`: training pictures with the label -1 are `na`. */
export const runFittedScores: GoldenRunner = (content) =>
  scoreCases.parse(content).flatMap(({ note, hasNa, training, test, scores, ...vectors }) => {
    const weights = rowsOf(vectors.weights);
    const names = weights.map((_, output) => `class ${output}`);
    const labels = hasNa ? [NA, ...names.slice(1)] : names;
    const known = labels.filter((label) => label !== NA);
    const network: ScoredNetwork = {
      labels,
      activation: "softmax",
      naTarget: hasNa ? "output" : "untrained",
    };
    const logits = rowsOf(training.logits);
    const pictures = rowsOf(training.features).map((features, index) => ({
      features,
      logits: logits[index]!,
      label: known[training.labels[index]!] ?? NA,
    }));
    const lastLayer = { weights, bias: vectors.bias.data };
    const testLogits = rowsOf(test.logits);
    const tested = rowsOf(test.features).map((features, index) => ({
      features,
      logits: testLogits[index]!,
    }));
    return Object.entries(scores).flatMap(([name, { options, values, pytorchOod }]) => {
      const scoreOf = FITTED[name]!(options).fit!(network, pictures, lastLayer);
      const own = tested.map(scoreOf);
      const place = `${note}, ${name}`;
      const exact: Record<string, Pair> = { values: [own, values.data] };
      const peer: Record<string, Pair> = pytorchOod && { "pytorch-ood": [own, pytorchOod.data] } ||
        {};
      return [
        ...compare(place, exact, "fittedScores"),
        ...compare(place, peer, "fittedScoresIn32Bits"),
      ];
    });
  });

function rowsOf({ shape: [count, width], data }: GoldenTensor): number[][] {
  return Array.from({ length: count! }, (_, row) => data.slice(row * width!, (row + 1) * width!));
}

const numbers = z.array(z.number());
const metricsCases = z.array(z.object({
  known: numbers,
  others: numbers,
  correct: z.array(z.boolean()),
  auroc: z.number(),
  auprIn: z.number(),
  auprOut: z.number(),
  fprAt95Tpr: z.number(),
  fprAt95TprOfOthers: z.number(),
  oscrArea: z.number(),
  ccrAtFpr: z.record(z.string(), z.number()),
}));

/** Runs `study_metrics.json`: scores with ties, evaluated by scikit-learn and pytorch-ood. */
export const runStudyMetrics: GoldenRunner = (content) =>
  metricsCases.parse(content).flatMap(({ known, others, correct, ...expected }, index) => {
    const ranked = rankScores(known, others, correct);
    const measures = openSetMeasures(ranked);
    const limits = Object.entries(expected.ccrAtFpr);
    return compare(`case ${index}`, {
      auroc: [[measures.auroc], [expected.auroc]],
      auprIn: [[measures.auprIn], [expected.auprIn]],
      auprOut: [[measures.auprOut], [expected.auprOut]],
      fprAt95Tpr: [[measures.fprAt95Tpr], [expected.fprAt95Tpr]],
      fprAt95TprOfOthers: [[fprAt95TprOfOthers(ranked)], [expected.fprAt95TprOfOthers]],
      oscrArea: [[measures.oscrArea], [expected.oscrArea]],
      ccrAtFpr: [
        limits.map(([limit]) => ccrAtFpr(ranked, Number(limit))),
        limits.map(([, ccr]) => ccr),
      ],
    }, "exact");
  });

const rankCases = z.array(z.object({
  values: z.array(numbers),
  meanRanks: numbers,
  /** `null` for two methods, which SciPy does not accept. */
  statistic: z.number().nullable(),
  p: z.number().nullable(),
  pairs: z.array(z.object({
    first: z.int(),
    second: z.int(),
    p: z.number(),
    corrected: z.number(),
  })),
  criticalDifference: z.number(),
}));

/** Runs `rank_tests.json`: several methods on the same blocks. */
export const runRankTests: GoldenRunner = (content) =>
  rankCases.parse(content).flatMap(({ values, pairs, ...expected }, index) => {
    const test = friedmanTest(values);
    const own = rankedPairs(test.meanRanks, values.length);
    const { statistic, p } = expected;
    const friedman: Record<string, Pair> = statistic === null || p === null ? {} : {
      statistic: [[test.statistic], [statistic]],
      p: [[test.p], [p]],
    };
    return compare(`case ${index}`, {
      ...friedman,
      "mean ranks": [test.meanRanks, expected.meanRanks],
      pairs: [
        own.flatMap(({ first, second }) => [first, second]),
        pairs.flatMap(({ first, second }) => [first, second]),
      ],
      "p of pairs": [own.map(({ p }) => p), pairs.map(({ p }) => p)],
      "corrected p": [
        own.map(({ corrected }) => corrected),
        pairs.map(({ corrected }) => corrected),
      ],
      "critical difference": [
        [criticalDifference(test.meanRanks.length, values.length)],
        [expected.criticalDifference],
      ],
    }, "rankTests");
  });
