/**
 * `results.json`: every measure of the report, with the configuration of its runs.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { join } from "@std/path";
import { GROUPS } from "../data/categories.ts";
import { COMPARED_DECISIONS } from "../evaluation/decisions.ts";
import {
  commonSeeds,
  correctDifferences,
  type DecidedExperiment,
  experimentDifferences,
  type PairedRuns,
  pairRuns,
} from "../evaluation/differences.ts";
import { type Interval, wilsonInterval } from "../evaluation/intervals.ts";
import {
  imagesByCount,
  isScoredBy,
  mapValues,
  measure,
  mostConfused,
  recordOf,
  type Yardsticks,
} from "../evaluation/measures.ts";
import { summariseAll, type Summary } from "../evaluation/statistics.ts";
import { worstErrors } from "../evaluation/worst_errors.ts";
import { readCheckedJson, writeCheckedJson } from "../files/checked_json.ts";
import { comparableDataset, type Run, type RunsFound } from "../runs/read_runs.ts";
import { descriptionIn } from "../runs/run_config.ts";
import { SCORES } from "../scores/all.ts";
import { checkScores, type Score } from "../scores/score.ts";
import { besideReferences, type Reference } from "./reference.ts";
import { type ExperimentResults, type Results, resultsSchema } from "./results_schema.ts";

export type { ExperimentResults, Results } from "./results_schema.ts";

/** The file's name inside a results folder. */
const RESULTS_FILE = "results.json";

/** Two experiments, each under a decision of {@linkcode COMPARED_DECISIONS}. */
export interface Comparison {
  readonly first: DecidedExperiment;
  readonly second: DecidedExperiment;
  /** The name of a third experiment: only seeds that it ran with, too, are compared. */
  readonly seedsOf?: string;
}

/** Results of the same experiments trained from another start. */
export interface RunsFromOtherStart {
  /** The name of their profile. */
  readonly profile: string;
  readonly runs: readonly Run[];
}

/** Further comparisons of runs, besides those with each other. */
export interface ComparedWith {
  readonly references: readonly Reference[];
  /** Differences to compute besides those of all pairs of experiments. */
  readonly comparisons: readonly Comparison[];
}

/**
 * Computes all measures from the predictions of the runs, beside the measures that others report.
 *
 * @param otherStart runs tested on the same pictures
 * @throws {Error} if two scores have the same name
 */
export function resultsOf(
  { finished, unfinished }: RunsFound,
  { references, comparisons }: ComparedWith = { references: [], comparisons: [] },
  scores: readonly Score[] = SCORES,
  otherStart?: RunsFromOtherStart,
): Results {
  checkScores(scores);
  const setting = finished[0]!.config;
  const { dataset, profile } = setting;
  const substitution = finished.map(({ config }) => config.dataset.substitution)
    .find((sentence) => sentence !== undefined);
  const inConfusions = mostConfused(finished.map(({ predictions }) => predictions));
  const yardsticks = { decisions: COMPARED_DECISIONS, scores, inConfusions };
  const byExperiment = [...Map.groupBy(finished, ({ experiment }) => experiment.name).values()];
  const experiments = byExperiment.map((runs) => experimentResults(runs, yardsticks));
  const paired = pairRuns(finished.map((run) => ({ ...run, experiment: run.experiment.name })));
  return {
    dataset: substitution === undefined ? dataset : { ...dataset, substitution },
    profile,
    decisions: COMPARED_DECISIONS.map(({ name }) => name),
    scores: Object.fromEntries(scores.map(({ name, title }) => [name, title])),
    experiments,
    resamples: paired.resamples.length,
    differences: experimentDifferences(paired, yardsticks),
    otherStart: otherStart === undefined
      ? null
      : startDifferences(finished, otherStart, yardsticks),
    comparisons: comparisons.flatMap((comparison) => compared(paired, comparison)),
    references: experiments.flatMap((experiment, index) =>
      besideReferences(
        references,
        setting,
        experiment,
        byExperiment[index]!.map(({ history }) => history),
      )
    ),
    unfinishedRuns: unfinished,
  };
}

/**
 * Writes `results.json` into a results folder; the file appears whole or not at all.
 *
 * @throws {Error} that names the fields that do not fit the schema.
 */
export function writeResults(resultsFolder: string, results: Results): Promise<void> {
  return writeCheckedJson(join(resultsFolder, RESULTS_FILE), resultsSchema, results);
}

/**
 * Reads `results.json` from a results folder.
 *
 * @throws {Error} that names the file and the fields that are missing or wrong.
 */
export function readResults(resultsFolder: string): Promise<Results> {
  return readCheckedJson(
    join(resultsFolder, RESULTS_FILE),
    resultsSchema,
    `build it again with \`deno task report ${resultsFolder}\``,
  );
}

/** Pictures listed per group; nobody would read more. */
const WORST_ERRORS = 5;

function experimentResults(runs: readonly Run[], yardsticks: Yardsticks): ExperimentResults {
  const { config } = runs[0]!;
  const tables = runs.map((run) => run.predictions);
  // Runs saved before a fitted score existed lack it; all seeds are compared by the same scores.
  const scores = yardsticks.scores.filter((score) =>
    tables.every((table) => isScoredBy(table, score))
  );
  const measured = runs.map(({ seed, history, config, predictions }) => ({
    seed,
    backend: config.backend,
    versions: config.versions,
    machine: config.machine,
    time: config.time,
    ...(config.definitions === undefined ? {} : { definitions: config.definitions }),
    epochs: history.length,
    phases: [...Map.groupBy(history, ({ phase }) => phase)]
      .map(([name, epochs]) => ({ name, epochs: epochs.length })),
    lastEpoch: lastEpochOf(history),
    measures: measure(predictions, { ...yardsticks, scores }),
  }));
  return {
    ...descriptionIn(config),
    labels: config.labels,
    runs: measured,
    summary: summaryOf(measured),
    worstErrors: recordOf(GROUPS, (group) => worstErrors(tables, group, WORST_ERRORS)),
  };
}

function lastEpochOf(history: Run["history"]) {
  const { train_loss, valid_loss, accuracy, accuracy_without_na, accuracy_with_na } = history
    .at(-1)!;
  return { train_loss, valid_loss, accuracy, accuracy_without_na, accuracy_with_na };
}

type MeasuredRun = ExperimentResults["runs"][number];

function summaryOf(runs: readonly MeasuredRun[]): ExperimentResults["summary"] {
  const over = <T>(part: (run: MeasuredRun) => T) => summariseAll(runs.map(part));
  const { measures: first } = runs[0]!;
  const images = imagesByCount(first.images);
  const decisions = over(({ measures }) => measures.decisions);
  return {
    decisions,
    intervals: mapValues(
      decisions,
      (counts) => mapValues(counts, (summary, count) => intervalOf(summary, images[count])),
    ),
    confusion: over(({ measures }) => measures.confusion),
    openSet: over(({ measures }) => measures.openSet),
    calibration: over(({ measures: { calibration } }) =>
      calibration && {
        knownLabels: calibration.knownLabels.expectedError,
        allLabels: calibration.allLabels?.expectedError ?? null,
      }
    ),
    categories: first.categories.map(({ category, group, images }, index) => {
      const correct = over(({ measures }) => measures.categories[index]!.correct);
      // A category is only listed if it has pictures.
      const intervals = mapValues(correct, (summary) => intervalOf(summary, images)!);
      return { category, group, images, correct, intervals };
    }),
    thresholdSweep: first.thresholdSweep.map(({ threshold }, index) => ({
      ...over(({ measures }) => measures.thresholdSweep[index]!),
      threshold,
    })),
    lastEpoch: over(({ lastEpoch }) => lastEpoch),
  };
}

/**
 * Wilson's interval of a mean count. All runs are tested on the same pictures, so more runs do not
 * narrow the interval.
 */
function intervalOf({ mean }: Summary, images: number): Interval | null {
  return images === 0 ? null : wilsonInterval({ successes: mean, trials: images });
}

function compared(
  paired: PairedRuns,
  { first, second, seedsOf = first.experiment }: Comparison,
): Results["comparisons"] {
  const others = commonSeeds(paired.runs, seedsOf, second.experiment);
  const seeds = commonSeeds(paired.runs, first.experiment, second.experiment)
    .filter((seed) => others.includes(seed));
  if (seeds.length === 0) return [];
  return [{
    first: { ...first, decision: first.decision.name },
    second: { ...second, decision: second.decision.name },
    differences: correctDifferences(paired, first, second, seeds),
  }];
}

/** The effect of the start: each experiment minus the same experiment from the other start. */
function startDifferences(
  finished: readonly Run[],
  { profile, runs }: RunsFromOtherStart,
  yardsticks: Yardsticks,
): Results["otherStart"] {
  const counterparts = runs.flatMap((run) => {
    const own = finished.find(({ experiment }) => experiment.name === run.experiment.name);
    return own === undefined ? [] : [{ run, comparable: differInStartAlone(own, run) }];
  });
  const others = counterparts.flatMap(({ run, comparable }) => comparable ? [run] : []);
  const elsewhere = (name: string) => `${name}, ${profile}`;
  const names = [...new Set(finished.map(({ experiment }) => experiment.name))];
  const paired = pairRuns([
    ...finished.map((run) => ({ ...run, experiment: run.experiment.name })),
    ...others.map((run) => ({ ...run, experiment: elsewhere(run.experiment.name) })),
  ]);
  const pairs = names.map((name) => ({ first: name, second: elsewhere(name) }));
  return {
    profile,
    leftOut: counterparts.filter(({ comparable }) => !comparable)
      .map(({ run: { experiment, seed } }) => `${experiment.name}, seed ${seed}`),
    differences: experimentDifferences(paired, yardsticks, pairs)
      .map(({ first, second: _, ...rest }) => ({
        experiment: first,
        ...rest,
        histories: others
          .filter(({ experiment, seed }) => experiment.name === first && rest.seeds.includes(seed))
          .map(({ history }) => history),
      })),
  };
}

/** Whether two runs of an experiment may differ in their start and seed, but in nothing else. */
function differInStartAlone(run: Run, other: Run): boolean {
  const [own, theirs] = [run, other].map(({ config, experiment, predictions }) => {
    const { name: _name, start: _profileStart, ...profile } = config.profile;
    const { title: _title, start: _start, ...description } = experiment;
    const { start: _digests, ...definitions } = config.definitions ?? {};
    const dataset = comparableDataset(config.dataset);
    const pictures = predictions.predictions.map(({ path }) => path).sort();
    return { profile, description, definitions, dataset, pictures };
  });
  return isDeepStrictEqual(own, theirs);
}
