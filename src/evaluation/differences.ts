/**
 * Differences between experiments that were tested on the same pictures, with intervals. Pure.
 *
 * The test pictures are resampled within each group; the networks stay the same. Every experiment
 * is measured on the same resamples, so pictures that are easy for both do not blur their
 * difference. Measures are means over the seeds that both experiments ran with. An interval thus
 * answers: how would these same networks differ on other pictures of the same kind? The standard
 * deviation over the seeds shows how much other networks would differ.
 *
 * @module
 */
import { mean } from "simple-statistics";
import { type Group, GROUPS } from "../data/categories.ts";
import { randomStream } from "../random.ts";
import { highestScore } from "../scores/highest_score.ts";
import type { Score } from "../scores/score.ts";
import type { Decision } from "./decisions.ts";
import { type Interval, percentileInterval } from "./intervals.ts";
import {
  type CorrectCounts,
  decidedBy,
  isScoredBy,
  mapValues,
  rankAgainst,
  recordOf,
  REJECTED_GROUPS,
  type Yardsticks,
} from "./measures.ts";
import { type DrawCounts, everyOne, rankedMeasures } from "./open_set.ts";
import { imagesPerGroup, type Prediction, type PredictionTable } from "./predictions.ts";
import { summarise, type Summary } from "./statistics.ts";

/** Number of resamples behind every interval. */
export const RESAMPLES = 1000;

/** One run of an experiment. */
export interface SeededRun {
  readonly experiment: string;
  readonly seed: number;
  readonly predictions: PredictionTable;
}

/** The first experiment's value minus the second's: mean and deviation over seeds, and interval. */
export interface Difference extends Summary, Interval {}

/** An experiment and its decision. */
export interface DecidedExperiment {
  readonly experiment: string;
  readonly decision: Decision;
}

/** Runs on the same test pictures, and the resamples of these pictures. */
export interface PairedRuns {
  readonly runs: readonly SeededRun[];
  /** Number of test pictures per group. */
  readonly images: Readonly<Record<Group, number>>;
  readonly resamples: readonly DrawCounts[];
}

/**
 * Sorts the pictures of runs into one order (known, unknown, unseen; by path within a group) and
 * draws the resamples, always the same ones for the same numbers of pictures.
 *
 * @throws {RangeError} if the runs were not tested on the same pictures.
 */
export function pairRuns(runs: readonly SeededRun[], resamples: number = RESAMPLES): PairedRuns {
  const ordered = runs.map((run) => ({ ...run, predictions: inOneOrder(run.predictions) }));
  const [first, ...others] = ordered;
  if (first === undefined) throw new RangeError("there are no runs to compare");
  const place = ({ group, path }: Prediction) => `${group} ${path}`;
  const places = first.predictions.predictions.map(place);
  for (const { experiment, seed, predictions: { predictions } } of others) {
    const same = predictions.length === places.length &&
      predictions.every((prediction, index) => place(prediction) === places[index]);
    if (!same) {
      throw new RangeError(
        `${experiment}, seed ${seed} was not tested on the pictures of ` +
          `${first.experiment}, seed ${first.seed}`,
      );
    }
  }
  const images = imagesPerGroup(first.predictions.predictions);
  return {
    runs: ordered,
    images,
    resamples: resampleWithinGroups(
      GROUPS.map((group) => images[group]),
      resamples,
      randomStream("resampled test pictures"),
    ),
  };
}

/**
 * Resamples of a test set, drawn with replacement within each group, so that every group keeps its
 * size. Each resample is one count per picture: how often it was drawn. Every measure of every run
 * is thus computed on the same resamples, and scores are sorted once instead of once per resample.
 *
 * Source: B. Efron and R. Tibshirani, "An Introduction to the Bootstrap" (1993), chapters 6 and 13.
 *
 * @param groupSizes numbers of pictures; the pictures of a group are adjacent
 * @param random uniform numbers in [0, 1)
 */
export function resampleWithinGroups(
  groupSizes: readonly number[],
  resamples: number,
  random: () => number,
): DrawCounts[] {
  const images = groupSizes.reduce((sum, size) => sum + size, 0);
  return Array.from({ length: resamples }, () => {
    const counts = new Uint16Array(images);
    let start = 0;
    for (const size of groupSizes) {
      for (let draw = 0; draw < size; draw++) counts[start + Math.floor(size * random())]!++;
      start += size;
    }
    return counts;
  });
}

/** Two experiments to be compared, the first minus the second. */
export type ExperimentPair = Readonly<Record<"first" | "second", string>>;

/**
 * The differences of pairs of experiments with a common seed: with the same decision for both, and
 * by each score that applies to either. If a score does not apply to an experiment, its highest
 * known score is used.
 *
 * @param pairs by default each later experiment minus each earlier one
 */
export function experimentDifferences(
  paired: PairedRuns,
  yardsticks: Yardsticks,
  pairs: readonly ExperimentPair[] = pairsOf(paired.runs),
) {
  const { decisions, scores } = yardsticks;
  const { runs } = paired;
  const computed = new Map<string, Replicates>();
  const applies = (score: Score, experiment: string) =>
    runs.every((run) => run.experiment !== experiment || isScoredBy(run.predictions, score));
  const judged = (asked: Score, experiment: string, seed: number) => {
    const score = applies(asked, experiment) ? asked : highestScore;
    const key = JSON.stringify([experiment, seed, score.name]);
    const replicates = computed.get(key) ??
      replicatesOf(tableOf(runs, experiment, seed), score, paired.resamples);
    computed.set(key, replicates);
    return replicates;
  };
  return pairs.flatMap(({ first, second }) => {
    const seeds = commonSeeds(runs, first, second);
    if (seeds.length === 0) return [];
    const judging = scores.filter((score) => applies(score, first) || applies(score, second));
    return [{
      first,
      second,
      seeds,
      decisions: Object.fromEntries(decisions.map((decision) => [
        decision.name,
        correctDifferences(
          paired,
          { experiment: first, decision },
          { experiment: second, decision },
          seeds,
        ),
      ])),
      openSet: Object.fromEntries(judging.map((score) => [
        score.name,
        openSetDifferences(
          seeds.map((seed) => [judged(score, first, seed), judged(score, second, seed)]),
        ),
      ])),
    }];
  });
}

/** Each later experiment with each earlier one. */
function pairsOf(runs: readonly SeededRun[]): ExperimentPair[] {
  const experiments = [...new Set(runs.map(({ experiment }) => experiment))];
  return experiments.flatMap((second, index) =>
    experiments.slice(index + 1).map((first) => ({ first, second }))
  );
}

/**
 * The difference in accuracy between two experiments or two decisions; `null` for a group without
 * pictures.
 *
 * @param seeds the seeds of both experiments, at least one
 */
export function correctDifferences(
  { runs, images, resamples }: PairedRuns,
  first: DecidedExperiment,
  second: DecidedExperiment,
  seeds: readonly number[],
): Record<keyof CorrectCounts, Difference | null> {
  const bySeed = seeds.map((seed) => {
    const own = correctPictures(runs, first, seed);
    const other = correctPictures(runs, second, seed);
    return own.map((correct, place) => correct - other[place]!);
  });
  const meanDifference = bySeed[0]!.map((_, place) =>
    bySeed.reduce((sum, differences) => sum + differences[place]!, 0) / seeds.length
  );
  const endOfUnknown = images.known + images.unknown;
  const all = endOfUnknown + images.unseen;
  const between = (start: number, end: number): Difference | null => {
    if (start === end) return null;
    return difference(
      bySeed.map((differences) => mean([...differences.subarray(start, end)])),
      resampledMeans(meanDifference, start, end, resamples),
    );
  };
  return {
    knownCorrect: between(0, images.known),
    unknownRejected: between(images.known, endOfUnknown),
    unseenRejected: between(endOfUnknown, all),
    totalCorrect: between(0, all),
  };
}

function inOneOrder(table: PredictionTable): PredictionTable {
  const byPath = (a: Prediction, b: Prediction) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
  return {
    ...table,
    predictions: GROUPS.flatMap((group) =>
      table.predictions.filter((prediction) => prediction.group === group).sort(byPath)
    ),
  };
}

/** The common seeds of two experiments, in order. */
export function commonSeeds(runs: readonly SeededRun[], first: string, second: string): number[] {
  const seedsOf = (name: string) =>
    runs.filter(({ experiment }) => experiment === name).map(({ seed }) => seed);
  const others = new Set(seedsOf(second));
  return seedsOf(first).filter((seed) => others.has(seed));
}

/** Per picture, 1 if its label is correct, else 0. */
function correctPictures(
  runs: readonly SeededRun[],
  { experiment, decision }: DecidedExperiment,
  seed: number,
): Float64Array {
  const table = tableOf(runs, experiment, seed);
  const given = decidedBy(table, decision);
  return Float64Array.from(table.predictions, ({ label }, place) => given[place] === label ? 1 : 0);
}

function tableOf(runs: readonly SeededRun[], experiment: string, seed: number): PredictionTable {
  return runs.find((run) => run.experiment === experiment && run.seed === seed)!.predictions;
}

/** The mean of `values` from `start` to `end` on every resample. */
function resampledMeans(
  values: Float64Array,
  start: number,
  end: number,
  resamples: readonly DrawCounts[],
): Float64Array {
  // If both labels are correct or both are wrong, the picture adds nothing.
  const places: number[] = [];
  for (let place = start; place < end; place++) if (values[place] !== 0) places.push(place);
  return Float64Array.from(resamples, (counts) => {
    let sum = 0;
    for (const place of places) sum += counts[place]! * values[place]!;
    return sum / (end - start);
  });
}

/** The open-set measures of one run, see {@linkcode replicatesOf}. */
type Replicates = ReturnType<typeof replicatesOf>;

/** The measures against each group, on the test set itself and on every resample. */
function replicatesOf(table: PredictionTable, score: Score, resamples: readonly DrawCounts[]) {
  return recordOf(REJECTED_GROUPS, (group) => {
    const ranked = rankAgainst(table, group, score);
    if (ranked === null) return null;
    const resampled = resamples.map((counts) => rankedMeasures(ranked, counts));
    return mapValues(rankedMeasures(ranked, everyOne(ranked)), (value, field) => ({
      value,
      resampled: Float64Array.from(resampled, (measures) => measures[field]),
    }));
  });
}

/**
 * Differences of open-set measures against each group; `null` for a group without pictures.
 *
 * @param pairs the first and the second experiment's replicates, per seed
 */
function openSetDifferences(pairs: readonly (readonly [Replicates, Replicates])[]) {
  return recordOf(REJECTED_GROUPS, (group) => {
    const [first] = pairs[0]!;
    // All runs were tested on the same pictures, so a group is empty for all or for none.
    return first[group] && mapValues(first[group], (_, field) => {
      const own = pairs.map(([run]) => run[group]![field]);
      const others = pairs.map(([, run]) => run[group]![field]);
      return difference(
        own.map(({ value }, seed) => value - others[seed]!.value),
        own[0]!.resampled.map((_, resample) =>
          own.reduce(
            (sum, { resampled }, seed) =>
              sum + resampled[resample]! - others[seed]!.resampled[resample]!,
            0,
          ) / own.length
        ),
      );
    });
  });
}

function difference(bySeed: readonly number[], resampled: Float64Array): Difference {
  return { ...summarise(bySeed), ...percentileInterval(resampled) };
}
