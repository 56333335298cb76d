/**
 * Differences between experiments that were tested on the same pictures, with intervals.
 *
 * What is resampled is the test pictures, within each group; the networks stay as they are. Every
 * experiment is judged on the same resamples, so that a picture that is easy for both does not blur
 * their difference. Figures are means over the seeds that both experiments ran with. An interval thus
 * answers: how would these very networks differ on other pictures of the same kind? How much other
 * networks would differ is what the standard deviation over the seeds tells.
 *
 * @module
 */
import { type Group, GROUPS } from "../data/categories.ts";
import type { DecisionRule, Experiment } from "../experiments.ts";
import { randomStream } from "../random.ts";
import {
  DECISION_RULES,
  type DecisionName,
  type RejectedGroup,
  type RightCounts,
} from "./evaluate.ts";
import { type Interval, percentileInterval } from "./intervals.ts";
import { knownAnswersRight, type KnownScore, knownScoreOf, learnsNaOutput } from "./known_score.ts";
import { answers, type Prediction, type PredictionTable } from "./predictions.ts";
import {
  type DrawCounts,
  rankPictures,
  type ResampledFigures,
  resampledFigures,
  resampleWithinGroups,
} from "./resampling.ts";
import { summarise, type Summary } from "./statistics.ts";

/** Number of resamples behind every interval. */
export const RESAMPLES = 1000;

/** One run of an experiment. */
export interface SeededRun {
  readonly experiment: Experiment;
  readonly seed: number;
  readonly predictions: PredictionTable;
}

/** The first experiment's figure minus the second's: mean and deviation over seeds, and interval. */
export interface Difference extends Summary, Interval {}

/** Differences of shares of right answers; `null` for a group without pictures. */
export type RightDifferences = Readonly<Record<keyof RightCounts, Difference | null>>;

/** Differences of open-set figures against each group; `null` for a group without pictures. */
export type OpenSetDifferences = Readonly<
  Record<RejectedGroup, Readonly<Record<keyof ResampledFigures, Difference>> | null>
>;

/** How two experiments differ. */
export interface ExperimentDifferences {
  readonly first: Experiment["name"];
  readonly second: Experiment["name"];
  /** The seeds that both ran with, in order. */
  readonly seeds: readonly number[];
  /** With the same decision for both. */
  readonly decisions: Readonly<Record<DecisionName, RightDifferences>>;
  /** By the highest known score of both. */
  readonly openSet: OpenSetDifferences;
  /**
   * By the margin over `na` for an experiment that learns such an output, by the highest known score
   * for one that does not; `null` if neither does.
   */
  readonly openSetWithNa: OpenSetDifferences | null;
}

/** An experiment and how its scores are read. */
export interface DecidedExperiment {
  readonly experiment: Experiment["name"];
  readonly decision: DecisionName;
}

/** Runs on the same test pictures, and the resamples of these pictures. */
export interface PairedRuns {
  readonly runs: readonly OrderedRun[];
  /** Number of test pictures per group. */
  readonly images: Readonly<Record<Group, number>>;
  readonly resamples: readonly DrawCounts[];
}

interface OrderedRun extends SeededRun {
  /** Known pictures first, then unknown, then unseen; sorted by path within a group. */
  readonly predictions: PredictionTable;
}

/**
 * Brings runs into one order and draws the resamples, always the same ones for the same numbers of
 * pictures.
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
        `${experiment.name}, seed ${seed} was not tested on the pictures of ` +
          `${first.experiment.name}, seed ${first.seed}`,
      );
    }
  }
  const images = { known: 0, unknown: 0, unseen: 0 };
  for (const { group } of first.predictions.predictions) images[group]++;
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
 * The differences of all pairs of experiments that have a seed in common, each later one minus each
 * earlier one.
 */
export function experimentDifferences(paired: PairedRuns): ExperimentDifferences[] {
  const { runs } = paired;
  const replicates = openSetReplicates(paired);
  const experiments = [...new Set(runs.map(({ experiment }) => experiment))];
  return experiments.flatMap((second, index) =>
    experiments.slice(index + 1).flatMap((first): ExperimentDifferences[] => {
      const seeds = commonSeeds(runs, first.name, second.name);
      if (seeds.length === 0) return [];
      const sameDecision = (decision: DecisionName) =>
        rightDifferences(
          paired,
          { experiment: first.name, decision },
          { experiment: second.name, decision },
          seeds,
        );
      const openSet = (countNa: boolean) =>
        openSetDifferences(
          seeds.map((seed) => [
            replicates(first, seed, countNa && learnsNaOutput(first)),
            replicates(second, seed, countNa && learnsNaOutput(second)),
          ]),
        );
      return [{
        first: first.name,
        second: second.name,
        seeds,
        decisions: {
          "argmax": sameDecision("argmax"),
          "threshold 0.4": sameDecision("threshold 0.4"),
          "threshold 0.5": sameDecision("threshold 0.5"),
        },
        openSet: openSet(false),
        openSetWithNa: [first, second].some(learnsNaOutput) ? openSet(true) : null,
      }];
    })
  );
}

/**
 * The difference of the shares of right answers between two experiments or two decisions.
 *
 * @param seeds that both experiments ran with, at least one
 */
export function rightDifferences(
  { runs, images, resamples }: PairedRuns,
  first: DecidedExperiment,
  second: DecidedExperiment,
  seeds: readonly number[],
): RightDifferences {
  const bySeed = seeds.map((seed) => {
    const own = rightAnswers(runs, first, seed);
    const other = rightAnswers(runs, second, seed);
    return own.map((right, place) => right - other[place]!);
  });
  const meanDifference = bySeed[0]!.map((_, place) =>
    bySeed.reduce((sum, differences) => sum + differences[place]!, 0) / seeds.length
  );
  const endOfKnown = images.known;
  const endOfUnknown = endOfKnown + images.unknown;
  const all = endOfUnknown + images.unseen;
  const between = (start: number, end: number): Difference | null => {
    if (start === end) return null;
    return difference(
      bySeed.map((differences) => mean(differences.subarray(start, end))),
      resampledMeans(meanDifference, start, end, resamples),
    );
  };
  return {
    knownRight: between(0, endOfKnown),
    unknownRejected: between(endOfKnown, endOfUnknown),
    unseenRejected: between(endOfUnknown, all),
    totalRight: between(0, all),
  };
}

function inOneOrder({ labels, predictions }: PredictionTable): PredictionTable {
  const byPath = (a: Prediction, b: Prediction) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
  return {
    labels,
    predictions: GROUPS.flatMap((group) =>
      predictions.filter((prediction) => prediction.group === group).sort(byPath)
    ),
  };
}

/** The seeds that two experiments both ran with, in order. */
export function commonSeeds(
  runs: readonly SeededRun[],
  first: Experiment["name"],
  second: Experiment["name"],
): number[] {
  const seedsOf = (name: Experiment["name"]) =>
    runs.filter(({ experiment }) => experiment.name === name).map(({ seed }) => seed);
  const others = new Set(seedsOf(second));
  return seedsOf(first).filter((seed) => others.has(seed));
}

/** Per picture, 1 where the answer is right and 0 where it is not. */
function rightAnswers(
  runs: readonly OrderedRun[],
  { experiment, decision }: DecidedExperiment,
  seed: number,
): Float64Array {
  const { labels, predictions } = runOf(runs, experiment, seed).predictions;
  const rule: DecisionRule = DECISION_RULES[decision];
  const given = answers(labels, predictions.map(({ scores }) => scores), rule);
  return Float64Array.from(predictions, ({ label }, place) => given[place] === label ? 1 : 0);
}

function runOf<T extends SeededRun>(
  runs: readonly T[],
  experiment: Experiment["name"],
  seed: number,
): T {
  return runs.find((run) => run.experiment.name === experiment && run.seed === seed)!;
}

/** The mean of `values` from `start` to `end` on every resample. */
function resampledMeans(
  values: Float64Array,
  start: number,
  end: number,
  resamples: readonly DrawCounts[],
): Float64Array {
  // Where both answers are right or both are wrong, there is nothing to add.
  const places: number[] = [];
  for (let place = start; place < end; place++) if (values[place] !== 0) places.push(place);
  return Float64Array.from(resamples, (counts) => {
    let sum = 0;
    for (const place of places) sum += counts[place]! * values[place]!;
    return sum / (end - start);
  });
}

/** The figures of one run against one group: on the test set itself and on every resample. */
type Replicates = Readonly<
  Record<keyof ResampledFigures, { readonly value: number; readonly resampled: Float64Array }>
>;

type RunReplicates = Readonly<Record<RejectedGroup, Replicates | null>>;

/** A function that computes the replicates of each run once. */
function openSetReplicates({ runs, images, resamples }: PairedRuns) {
  const known = new Map<string, RunReplicates>();
  const everyOne = new Uint16Array(images.known + images.unknown + images.unseen).fill(1);
  return (experiment: Experiment, seed: number, countNa: boolean): RunReplicates => {
    const key = `${experiment.name} ${seed} ${countNa}`;
    const earlier = known.get(key);
    if (earlier !== undefined) return earlier;
    const table = runOf(runs, experiment.name, seed).predictions;
    const against = (group: RejectedGroup): Replicates | null => {
      if (images.known === 0 || images[group] === 0) return null;
      const ranked = ranking(table, group, countNa ? "margin over na" : "highest known");
      const value = resampledFigures(ranked, everyOne);
      const figures = resamples.map((counts) => resampledFigures(ranked, counts));
      const of = (field: keyof ResampledFigures) => ({
        value: value[field],
        resampled: Float64Array.from(figures, (figure) => figure[field]),
      });
      return { auroc: of("auroc"), fprAt95Tpr: of("fprAt95Tpr"), oscrArea: of("oscrArea") };
    };
    const replicates = { unknown: against("unknown"), unseen: against("unseen") };
    known.set(key, replicates);
    return replicates;
  };
}

function ranking(table: PredictionTable, group: RejectedGroup, score: KnownScore) {
  const scoreOf = knownScoreOf(table.labels, score);
  const right = knownAnswersRight(table);
  return rankPictures(
    table.predictions.flatMap((prediction, place) =>
      prediction.group === "known" || prediction.group === group
        ? [{
          place,
          score: scoreOf(prediction),
          known: prediction.group === "known",
          right: right[place]!,
        }]
        : []
    ),
  );
}

/** @param pairs the first and the second experiment's replicates, per seed */
function openSetDifferences(
  pairs: readonly (readonly [RunReplicates, RunReplicates])[],
): OpenSetDifferences {
  const against = (group: RejectedGroup) => {
    const ofGroup = pairs.flatMap(([first, second]) => {
      const own = first[group];
      const other = second[group];
      return own === null || other === null ? [] : [[own, other] as const];
    });
    if (ofGroup.length === 0) return null;
    const of = (field: keyof ResampledFigures): Difference =>
      difference(
        ofGroup.map(([own, other]) => own[field].value - other[field].value),
        ofGroup[0]![0][field].resampled.map((_, resample) =>
          ofGroup.reduce(
            (sum, [own, other]) =>
              sum + own[field].resampled[resample]! - other[field].resampled[resample]!,
            0,
          ) / ofGroup.length
        ),
      );
    return { auroc: of("auroc"), fprAt95Tpr: of("fprAt95Tpr"), oscrArea: of("oscrArea") };
  };
  return { unknown: against("unknown"), unseen: against("unseen") };
}

function difference(bySeed: readonly number[], resampled: Float64Array): Difference {
  return { ...summarise(bySeed), ...percentileInterval(resampled) };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
