/**
 * `results.json`: every figure of the report with the configuration it was made with.
 *
 * @module
 */
import { join } from "@std/path";
import {
  commonSeeds,
  type DecidedExperiment,
  experimentDifferences,
  type PairedRuns,
  pairRuns,
  rightDifferences,
} from "../evaluation/differences.ts";
import {
  type CategoryFigures,
  type ConfusionCounts,
  type DecisionName,
  evaluate,
  imagesByRightCount,
  type OpenSetFigures,
  type RejectedGroup,
  type RightCounts,
  type RunFigures,
  type SweepPoint,
} from "../evaluation/evaluate.ts";
import { type Interval, wilsonInterval } from "../evaluation/intervals.ts";
import { summarise, type Summary } from "../evaluation/statistics.ts";
import { worstErrors } from "../evaluation/worst_errors.ts";
import { readCheckedJson, writeCheckedJson } from "../files/checked_json.ts";
import { besideArticle, besidePytorch } from "./beside_others.ts";
import { type ExperimentResults, type Results, resultsSchema } from "./results_schema.ts";
import type { Run, RunsFound } from "../runs/read_runs.ts";

export type { ExperimentResults, Results } from "./results_schema.ts";

/** The file's name inside a results folder. */
export const RESULTS_FILE = "results.json";

/** Computes all figures from the predictions of the runs. */
export function resultsOf({ finished, unfinished }: RunsFound): Results {
  const setting = finished[0]!.config;
  const { dataset, profile } = setting;
  const substitution = finished.map(({ config }) => config.dataset.substitution)
    .find((sentence) => sentence !== undefined);
  const names = [...new Set(finished.map((run) => run.experiment))];
  const experiments = names.map((experiment) =>
    experimentResults(finished.filter((run) => run.experiment === experiment))
  );
  const paired = pairRuns(finished);
  return {
    dataset: substitution === undefined ? dataset : { ...dataset, substitution },
    profile,
    experiments,
    resamples: paired.resamples.length,
    differences: experimentDifferences(paired),
    gain: gainOf(paired),
    published: experiments.flatMap((experiment) => besideArticle(setting, experiment)),
    pytorch: experiments.flatMap((experiment) =>
      besidePytorch(setting, experiment, historiesOf(finished, experiment))
    ),
    unfinishedRuns: unfinished,
  };
}

/**
 * Writes `results.json` into a results folder; the file appears whole or not at all.
 *
 * @throws {Error} that names the fields that do not fit the schema.
 */
export function writeResults(runDirectory: string, results: Results): Promise<void> {
  return writeCheckedJson(join(runDirectory, RESULTS_FILE), resultsSchema, results);
}

/**
 * Reads `results.json` from a results folder.
 *
 * @throws {Error} that names the file and the fields that are missing or wrong.
 */
export function readResults(runDirectory: string): Promise<Results> {
  return readCheckedJson(
    join(runDirectory, RESULTS_FILE),
    resultsSchema,
    `build it again with \`deno task report ${runDirectory}\``,
  );
}

/** The pictures listed of each group; more would not be read. */
const WORST_ERRORS = 5;

type LastEpoch = ExperimentResults["runs"][number]["lastEpoch"];

function experimentResults(runs: readonly Run[]): ExperimentResults {
  const { experiment, config } = runs[0]!;
  const figures = runs.map((run) => evaluate(run.predictions));
  const lastEpochs = runs.map(lastEpochOf);
  const tables = runs.map((run) => run.predictions);
  return {
    name: experiment.name,
    title: experiment.title,
    labels: config.labels,
    runs: runs.map(({ seed, history, config: { backend, versions, machine, time } }, index) => ({
      seed,
      backend,
      versions,
      machine,
      time,
      epochs: history.length,
      phases: phasesOf(history),
      lastEpoch: lastEpochs[index]!,
      figures: figures[index]!,
    })),
    summary: summaryOf(figures, lastEpochs),
    worstErrors: {
      known: worstErrors(tables, "known", WORST_ERRORS),
      unknown: worstErrors(tables, "unknown", WORST_ERRORS),
      unseen: worstErrors(tables, "unseen", WORST_ERRORS),
    },
  };
}

function historiesOf(runs: readonly Run[], { name }: ExperimentResults): Run["history"][] {
  return runs.filter(({ experiment }) => experiment.name === name).map(({ history }) => history);
}

function phasesOf(history: Run["history"]): ExperimentResults["runs"][number]["phases"] {
  const names = [...new Set(history.map(({ phase }) => phase))];
  return names.map((name) => ({
    name,
    epochs: history.filter(({ phase }) => phase === name).length,
  }));
}

function lastEpochOf({ history }: Run): LastEpoch {
  const { train_loss, valid_loss, accuracy, accuracy_without_na, accuracy_with_na } = history
    .at(-1)!;
  return { train_loss, valid_loss, accuracy, accuracy_without_na, accuracy_with_na };
}

function summaryOf(
  figures: readonly RunFigures[],
  lastEpochs: readonly LastEpoch[],
): ExperimentResults["summary"] {
  const decisions = byDecision((name) =>
    rightCountSummaries(figures.map((run) => run.decisions[name]))
  );
  const images = imagesByRightCount(figures[0]!.images);
  return {
    decisions,
    intervals: byDecision((name) =>
      byRightCount((field) => intervalOf(decisions[name][field], images[field]))
    ),
    confusion: byDecision((name) => confusionSummaries(figures.map((run) => run.confusion[name]))),
    openSet: byRejectedGroup((group) => openSetSummaries(figures.map((run) => run.openSet[group]))),
    openSetWithNa: figures.every((run) => run.openSetWithNa === null) ? null : byRejectedGroup(
      (group) => openSetSummaries(figures.map((run) => run.openSetWithNa?.[group] ?? null)),
    ),
    calibration: calibrationSummaries(figures.map((run) => run.calibration)),
    categories: categorySummaries(figures.map((run) => run.categories)),
    thresholdSweep: sweepSummaries(figures.map((run) => run.thresholdSweep)),
    lastEpoch: lastEpochSummaries(lastEpochs),
  };
}

function byDecision<T>(value: (name: DecisionName) => T): Record<DecisionName, T> {
  return {
    "argmax": value("argmax"),
    "threshold 0.4": value("threshold 0.4"),
    "threshold 0.5": value("threshold 0.5"),
  };
}

function byRejectedGroup<T>(value: (group: RejectedGroup) => T): Record<RejectedGroup, T> {
  return { unknown: value("unknown"), unseen: value("unseen") };
}

function byRightCount<T>(value: (field: keyof RightCounts) => T): Record<keyof RightCounts, T> {
  return {
    knownRight: value("knownRight"),
    unknownRejected: value("unknownRejected"),
    unseenRejected: value("unseenRejected"),
    totalRight: value("totalRight"),
  };
}

/**
 * Wilson's interval of a mean count. The pictures of several runs are the same ones, so that more
 * runs do not make the interval smaller.
 */
function intervalOf({ mean }: Summary, images: number): Interval | null {
  return images === 0 ? null : wilsonInterval({ successes: mean, trials: images });
}

function rightCountSummaries(counts: readonly RightCounts[]): Record<keyof RightCounts, Summary> {
  return byRightCount((field) => summarise(counts.map((run) => run[field])));
}

function confusionSummaries(runs: readonly ConfusionCounts[]) {
  const rowSummaries = (rows: readonly (readonly number[])[]) =>
    rows[0]!.map((_, column) => summarise(rows.map((row) => row[column]!)));
  const { columns, known } = runs[0]!;
  return {
    columns,
    known: known.map((_, row) => rowSummaries(runs.map((run) => run.known[row]!))),
    unknown: rowSummaries(runs.map((run) => run.unknown)),
    unseen: rowSummaries(runs.map((run) => run.unseen)),
  };
}

function openSetSummaries(
  runs: readonly (OpenSetFigures | null)[],
): Record<keyof OpenSetFigures, Summary> | null {
  const figures = runs.filter((openSet) => openSet !== null);
  if (figures.length === 0) return null;
  const of = (field: keyof OpenSetFigures) => summarise(figures.map((openSet) => openSet[field]));
  return {
    auroc: of("auroc"),
    auprIn: of("auprIn"),
    auprOut: of("auprOut"),
    fprAt95Tpr: of("fprAt95Tpr"),
    oscrArea: of("oscrArea"),
  };
}

function calibrationSummaries(runs: readonly RunFigures["calibration"][]) {
  const figures = runs.filter((calibration) => calibration !== null);
  if (figures.length === 0) return null;
  const ofAllLabels = figures.map(({ allLabels }) => allLabels)
    .filter((calibration) => calibration !== null);
  return {
    knownLabels: summarise(figures.map(({ knownLabels }) => knownLabels.expectedError)),
    allLabels: ofAllLabels.length === 0
      ? null
      : summarise(ofAllLabels.map(({ expectedError }) => expectedError)),
  };
}

function categorySummaries(runs: readonly (readonly CategoryFigures[])[]) {
  return runs[0]!.map(({ category, group, images }, index) => {
    const right = byDecision((name) =>
      summarise(runs.map((categories) => categories[index]!.right[name]))
    );
    // A category is only listed if it has pictures.
    const intervals = byDecision((name) => intervalOf(right[name], images)!);
    return { category, group, images, right, intervals };
  });
}

function sweepSummaries(runs: readonly (readonly SweepPoint[])[]) {
  return runs[0]!.map(({ threshold }, index) => ({
    threshold,
    ...rightCountSummaries(runs.map((points) => points[index]!)),
  }));
}

function lastEpochSummaries(epochs: readonly LastEpoch[]) {
  const of = (field: "train_loss" | "valid_loss" | "accuracy") =>
    summarise(epochs.map((epoch) => epoch[field]));
  const ofOptional = (field: "accuracy_without_na" | "accuracy_with_na") => {
    const values = epochs.map((epoch) => epoch[field]).filter((value) => value !== null);
    return values.length === 0 ? null : summarise(values);
  };
  return {
    train_loss: of("train_loss"),
    valid_loss: of("valid_loss"),
    accuracy: of("accuracy"),
    accuracy_without_na: ofOptional("accuracy_without_na"),
    accuracy_with_na: ofOptional("accuracy_with_na"),
  };
}

function gainOf(paired: PairedRuns): Results["gain"] {
  const seeds = commonSeeds(paired.runs, "bcena", "bce-na");
  if (seeds.length === 0) return null;
  const before: DecidedExperiment = { experiment: "bce-na", decision: "argmax" };
  const against = (experiment: DecidedExperiment["experiment"]) =>
    rightDifferences(paired, { experiment, decision: "threshold 0.5" }, before, seeds);
  return { claimed: against("bcena"), byThreshold: against("bce-na") };
}
