/**
 * Our measures beside those that others report of the same pictures. Pure.
 *
 * @module
 */
import type { Difference } from "../evaluation/differences.ts";
import { newcombeInterval } from "../evaluation/intervals.ts";
import { CORRECT_COUNTS, imagesByCount } from "../evaluation/measures.ts";
import { summarise, type Summary } from "../evaluation/statistics.ts";
import type { HistoryRow } from "../training/history.ts";
import { type Reference, type ReferenceRun, reportedOf } from "./reference.ts";
import type { ExperimentResults, Results } from "./results_schema.ts";

/**
 * An experiment's accuracies after each epoch and its counts of correct pictures, beside those of
 * every reference that belongs to data set and profile. Epochs are compared with the same profile
 * alone.
 *
 * @param histories of the experiment's runs
 */
export function besideReferences(
  references: readonly Reference[],
  setting: Pick<Results, "dataset" | "profile">,
  experiment: ExperimentResults,
  histories: readonly (readonly HistoryRow[])[],
): Results["references"] {
  return reportedOf(references, setting, experiment.name).map(({ reference, run }) => ({
    source: reference.source,
    published: reference.published,
    experiment: experiment.name,
    accuracies: reference.profile === setting.profile.name
      ? accuraciesBeside(histories, run.epochs ?? [])
      : [],
    counts: countsBeside(experiment, reference, run),
  }));
}

const ACCURACIES = ["accuracy", "accuracy_without_na", "accuracy_with_na"] as const;

type Accuracies = Results["references"][number]["accuracies"];

function accuraciesBeside(
  histories: readonly (readonly HistoryRow[])[],
  reported: NonNullable<ReferenceRun["epochs"]>,
): Accuracies {
  const common = Math.min(reported.length, ...histories.map((epochs) => epochs.length));
  return ACCURACIES.flatMap((metric) => {
    const epochs = reported.slice(0, common).flatMap((epoch, index) => {
      const ours = histories.map((rows) => rows[index]![metric]).filter((value) => value !== null);
      const other = epoch[metric];
      return other === null || ours.length === 0
        ? []
        : [{ ours: summarise(ours), reported: other }];
    });
    return epochs.length === 0 ? [] : [{ metric, epochs }];
  });
}

function countsBeside(
  { summary, runs }: ExperimentResults,
  reference: Reference,
  { counts = {} }: ReferenceRun,
): Results["references"][number]["counts"] {
  const images = imagesByCount(runs[0]!.measures.images);
  const reportedImages = imagesByCount(reference.images);
  return Object.entries(counts).flatMap(([decision, reported]) =>
    CORRECT_COUNTS.flatMap((measure) => {
      const count = reported[measure];
      const ours = summary.decisions[decision]?.[measure];
      if (count === undefined || ours === undefined || images[measure] === 0) return [];
      return [{
        decision,
        measure,
        ours,
        images: images[measure],
        reported: count,
        reportedImages: reportedImages[measure],
        difference: shareDifference(ours, images[measure], count, reportedImages[measure]),
      }];
    })
  );
}

function shareDifference(
  ours: Summary,
  images: number,
  reported: number,
  reportedImages: number,
): Difference {
  return {
    mean: ours.mean / images - reported / reportedImages,
    standardDeviation: ours.standardDeviation === null ? null : ours.standardDeviation / images,
    ...newcombeInterval(
      { successes: ours.mean, trials: images },
      { successes: reported, trials: reportedImages },
    ),
  };
}
