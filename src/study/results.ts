/**
 * The figures of the study's report, computed only from the files of the units, and the file that
 * holds them, `results.json`.
 *
 * @module
 */
import { GROUPS } from "../data/categories.ts";
import { recordOf, REJECTED_GROUPS, type RejectedGroup } from "../evaluation/measures.ts";
import { criticalDifference, friedmanTest, rankedPairs } from "../evaluation/rank_tests.ts";
import { summariseAll } from "../evaluation/statistics.ts";
import { readCheckedJson, writeCheckedJson } from "../files/checked_json.ts";
import { asJson } from "../runs/run_config.ts";
import type { Score } from "../scores/score.ts";
import { measureUnit, ownScore, type ScoreMeasures } from "./measures.ts";
import { pairedDifference } from "./paired.ts";
import {
  CHOSEN_SCORE,
  COMPARED_MEASURES,
  type Differences,
  type MeasuredUnit,
  REFERENCE_TRAINING,
  type StudyResults,
  studyResultsSchema,
} from "./results_schema.ts";
import { OWN_SPLIT, withoutHeldOut } from "./splits.ts";
import { type Observation, varianceShares } from "./variance.ts";
import type { UnitResult } from "./unit_files.ts";

/** Splits and seeds that a difference or a rank test needs at least: one alone has no spread. */
const LEAST_PAIRS = 2;

/**
 * Writes `results.json`; the file appears whole or not at all.
 *
 * @throws {Error} that names the fields that do not fit the schema
 */
export function writeStudyResults(path: string, results: StudyResults): Promise<void> {
  return writeCheckedJson(path, studyResultsSchema, asJson(results));
}

/**
 * Reads `results.json` back.
 *
 * @throws {Error} that names the file and the fields that are missing or wrong
 */
export function readStudyResults(path: string): Promise<StudyResults> {
  return readCheckedJson(path, studyResultsSchema, "write it again with `deno task report`");
}

/**
 * Computes all figures of the report.
 *
 * @param units at least one, all of the same data set and profile
 * @param scores in the order of tables
 * @param order names of the trainings listed first, in this order
 */
export function studyResults(
  units: readonly UnitResult[],
  scores: readonly Score[],
  order: readonly string[],
): StudyResults {
  const [first] = units;
  if (first === undefined) throw new RangeError("no finished unit to report on");
  const place = (training: string) =>
    order.includes(training) ? order.indexOf(training) : order.length;
  const sorted = units.toSorted((a, b) => {
    const [one, other] = [a.config.planned, b.config.planned];
    return place(one.training) - place(other.training) ||
      compared(one.training, other.training) ||
      Number(isOwn(other.split)) - Number(isOwn(one.split)) || compared(one.split, other.split) ||
      one.seed - other.seed;
  });
  const isHeldOut = ({ config }: UnitResult) => config.planned.heldOut !== undefined;
  const main = sorted.filter((unit) => !isHeldOut(unit));
  const measured = main.map((unit) => measuredUnit(unit, scores));
  const heldOutUnits = sorted.filter(isHeldOut).map((unit) => ({
    ...measuredUnit(unit, scores),
    heldOut: unit.config.planned.heldOut!,
  }));
  const trainings = [...Map.groupBy(sorted, ({ config }) => config.planned.training)]
    .map(([name, [unit]]) => ({
      name,
      title: unit!.config.planned.title,
      loss: lossOf(unit!),
      trainsUnknown: unit!.experiment.naTarget !== "untrained",
      ownScore: ownScore(unit!.network).name,
    }));
  const own = new Map(trainings.map(({ name, ownScore }) => [name, ownScore]));
  const byOwn = (unit: MeasuredUnit) => unit.scores[own.get(unit.training)!]!;
  const { dataset, profile } = first.config.planned;
  const splits = [...Map.groupBy(main, ({ config }) => config.planned.split)];
  return {
    dataset: dataset.name,
    categoryNames: { ...dataset.categoryNames },
    profile,
    splits: splits.map(([name, [unit]]) => ({
      name,
      groups: recordOf(GROUPS, (group) => [...unit!.config.planned.dataset.groups[group]]),
    })),
    seeds: [...new Set(measured.map(({ seed }) => seed))].sort((a, b) => a - b),
    trainings,
    scores: Object.fromEntries(scores.map(({ name, title }) => [name, title])),
    units: measured,
    heldOutUnits,
    missing: missingUnits(measured),
    table: tableRows(measured),
    trainingDifferences: trainings
      .filter(({ name }) => name !== REFERENCE_TRAINING)
      .flatMap(({ name }) => {
        const differences = unitDifferences(
          unitsOf(measured, name),
          unitsOf(measured, REFERENCE_TRAINING),
          byOwn,
          byOwn,
        );
        return differences === undefined ? [] : [{ training: name, differences }];
      }),
    choiceDifferences: trainings.flatMap(({ name }) => {
      const own = unitsOf(measured, name);
      const differences = unitDifferences(own, own, byChosen, byOwn);
      return differences === undefined ? [] : [{ training: name, differences }];
    }),
    thresholdDifferences: trainings.flatMap(({ name }) => {
      const own = unitsOf(measured, name);
      if (own.length < LEAST_PAIRS) return [];
      return [{ training: name, ...thresholdDifferences(own, byOwn) }];
    }),
    heldOutDifferences: trainings.flatMap(({ name }) => {
      const strict = unitsOf(heldOutUnits, name).map((unit) => ({
        ...unit,
        split: withoutHeldOut(unit.split),
      }));
      const differences = unitDifferences(strict, unitsOf(measured, name), byOwn, byOwn);
      return differences === undefined ? [] : [{ training: name, differences }];
    }),
    rankTests: recordOf(REJECTED_GROUPS, (group) => rankTest(measured, trainings, group, byOwn)),
    variance: recordOf(REJECTED_GROUPS, (group) => varianceOf(measured, scores, group)),
  };
}

function measuredUnit(unit: UnitResult, scores: readonly Score[]): MeasuredUnit {
  const { split, seed, training, candidates } = unit.config.planned;
  const measures = measureUnit(unit, scores);
  const [chosen] = Object.entries(measures.scores)
    .sort(([, a], [, b]) => b.validationAuroc - a.validationAuroc);
  return {
    split,
    seed,
    training,
    options: candidates.length === 1 ? null : { ...unit.experiment.loss.options },
    chosenScore: chosen![0],
    accuracy: measures.accuracy,
    argmax: measures.argmax,
    scores: { ...measures.scores },
  };
}

/** The measures by the score chosen on validation pictures. */
function byChosen({ scores, chosenScore }: MeasuredUnit): ScoreMeasures {
  return scores[chosenScore]!;
}

function unitsOf<U extends MeasuredUnit>(units: readonly U[], training: string): U[] {
  return units.filter((unit) => unit.training === training);
}

/** The loss in words, with the options that all candidates share. */
function lossOf({ config: { planned: { candidates } } }: UnitResult): string {
  const { title, options = {} } = candidates[0]!.loss;
  const shared = Object.entries(options).filter(([name, value]) =>
    candidates.every(({ loss }) => loss.options?.[name] === value)
  );
  const words = shared.map(([name, value]) => `${name} ${value}`);
  return words.length === 0 ? title : `${title} (${words.join(", ")})`;
}

function missingUnits(units: readonly MeasuredUnit[]): string[] {
  const pairs = new Map(units.map((unit) => [pairOf(unit), unit]));
  const trainings = [...new Set(units.map(({ training }) => training))];
  const there = new Set(units.map((unit) => `${pairOf(unit)}, ${unit.training}`));
  return [...pairs.keys()].sort().flatMap((pair) =>
    trainings.map((training) => `${pair}, ${training}`).filter((unit) => !there.has(unit))
  );
}

/** The key under which two units can be compared: their split and seed. */
function pairOf({ split, seed }: Pick<MeasuredUnit, "split" | "seed">): string {
  return `${split}, seed ${seed}`;
}

function tableRows(units: readonly MeasuredUnit[]): StudyResults["table"] {
  return [...Map.groupBy(units, ({ training }) => training)].flatMap(([training, own]) => {
    const names = Object.keys(own[0]!.scores);
    const rows = names.map((name) =>
      [
        name,
        own.flatMap(({ accuracy, scores }) => {
          const measures = scores[name];
          return measures === undefined ? [] : [{ accuracy, ...measures }];
        }),
      ] as const
    );
    const chosen = own.map((unit) => ({ accuracy: unit.accuracy, ...byChosen(unit) }));
    return [...rows, [CHOSEN_SCORE, chosen] as const].map(([score, measures]) => {
      const { threshold: _, validationAuroc: __, ...summaries } = summariseAll(measures);
      return { training, score, units: measures.length, ...summaries };
    });
  });
}

/**
 * Differences of units of two methods with the same split and seed; undefined if there are too few.
 */
function unitDifferences(
  first: readonly MeasuredUnit[],
  second: readonly MeasuredUnit[],
  ofFirst: (unit: MeasuredUnit) => ScoreMeasures,
  ofSecond: (unit: MeasuredUnit) => ScoreMeasures,
): Differences | undefined {
  const others = new Map(second.map((unit) => [pairOf(unit), unit]));
  const pairs = first.flatMap((unit) => {
    const other = others.get(pairOf(unit));
    return other === undefined ? [] : [{
      unit: { accuracy: unit.accuracy, ...ofFirst(unit) },
      other: { accuracy: other.accuracy, ...ofSecond(other) },
    }];
  });
  if (pairs.length < LEAST_PAIRS) return undefined;
  type Measured = typeof pairs[number]["unit"];
  const differenceOf = (value: (measures: Measured) => number) =>
    pairedDifference(pairs.map(({ unit, other }) => value(unit) - value(other)));
  return {
    accuracy: differenceOf(({ accuracy }) => accuracy),
    knownCorrect: differenceOf(({ knownCorrect }) => knownCorrect),
    ...recordOf(
      REJECTED_GROUPS,
      (group) =>
        pairs.some(({ unit, other }) => unit[group] === null || other[group] === null)
          ? null
          : recordOf(
            COMPARED_MEASURES,
            (field) => differenceOf((measures) => measures[group]![field]),
          ),
    ),
  };
}

/** The effect of a score's threshold, compared with argmax, in units of one training. */
function thresholdDifferences(
  units: readonly MeasuredUnit[],
  measuresOf: (unit: MeasuredUnit) => ScoreMeasures,
) {
  const measured = units.map((unit) => ({ argmax: unit.argmax, own: measuresOf(unit) }));
  return {
    knownCorrect: pairedDifference(
      measured.map(({ argmax, own }) => own.knownCorrect - argmax.knownCorrect),
    ),
    ...recordOf(REJECTED_GROUPS, (group) => {
      const differences = measured.flatMap(({ argmax, own }) =>
        own[group] === null || argmax[group] === null ? [] : [own[group].rejected - argmax[group]]
      );
      return differences.length === 0 ? null : pairedDifference(differences);
    }),
  };
}

/** The units of each (split, seed) pair that every training has. */
function completeBlocks(units: readonly MeasuredUnit[]): MeasuredUnit[][] {
  const trainings = new Set(units.map(({ training }) => training)).size;
  return [...Map.groupBy(units, pairOf).values()].filter((block) => block.length === trainings);
}

function rankTest(
  units: readonly MeasuredUnit[],
  trainings: StudyResults["trainings"],
  group: RejectedGroup,
  measuresOf: (unit: MeasuredUnit) => ScoreMeasures,
): StudyResults["rankTests"][RejectedGroup] {
  const names = trainings.map(({ name }) => name)
    .filter((name) => units.some(({ training }) => training === name));
  const blocks = completeBlocks(units)
    .map((block) =>
      names.map((name) =>
        measuresOf(block.find(({ training }) => training === name)!)[group]?.auroc
      )
    )
    .filter((row): row is number[] => row.every((value) => value !== undefined));
  if (names.length < 2 || blocks.length < LEAST_PAIRS) return null;
  const { meanRanks, statistic, p } = friedmanTest(blocks);
  return {
    trainings: names,
    blocks: blocks.length,
    meanRanks,
    statistic,
    p,
    criticalDifference: criticalDifference(names.length, blocks.length),
    pairs: rankedPairs(meanRanks, blocks.length).map(({ first, second, ...pair }) => ({
      first: names[first]!,
      second: names[second]!,
      ...pair,
    })),
  };
}

/** Shares of the variance over the splits that have all seeds with all trainings. */
function varianceOf(
  units: readonly MeasuredUnit[],
  scores: readonly Score[],
  group: RejectedGroup,
): StudyResults["variance"][RejectedGroup] {
  const complete = completeBlocks(units).flat();
  const seeds = new Set(complete.map(({ seed }) => seed));
  const whole = [...Map.groupBy(complete, ({ split }) => split).values()]
    .filter((own) => new Set(own.map(({ seed }) => seed)).size === seeds.size)
    .flat();
  const shared = scores.map(({ name }) => name)
    .filter((name) => whole.every((unit) => unit.scores[name]?.[group] != null));
  if (whole.length < 2 || shared.length === 0) return null;
  const observations = whole.flatMap((unit): Observation[] =>
    shared.map((score) => ({
      value: unit.scores[score]![group]!.auroc,
      levels: { split: unit.split, seed: String(unit.seed), training: unit.training, score },
    }))
  );
  const shares = varianceShares(observations, ["split", "seed", "training", "score"]);
  return shares === undefined ? null : { scores: shared, shares };
}

/** The data set's own split comes first. */
function isOwn(split: string): boolean {
  return withoutHeldOut(split) === OWN_SPLIT;
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
