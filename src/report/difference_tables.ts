/**
 * Tables that set figures against chance and against each other.
 *
 * @module
 */
import type { Difference } from "../evaluation/differences.ts";
import {
  DECISION_NAMES,
  type DecisionName,
  imagesByRightCount,
  type RejectedGroup,
  type RightCounts,
} from "../evaluation/evaluate.ts";
import type { Summary } from "../evaluation/statistics.ts";
import type { ExperimentName } from "../experiments.ts";
import { ARTICLE_TEST_IMAGES } from "../article/article.ts";
import type { Results } from "./results.ts";
import { countedRight, left, rejectedGroups, right, RIGHT_TITLES, type Table } from "./tables.ts";
import { verdictOn } from "./verdict.ts";
import {
  count,
  countWithShare,
  decimalWithInterval,
  listed,
  NO_FIGURE,
  percent,
  percentInterval,
  percentWithInterval,
  shareOf,
  signedPercent,
} from "../text/wording.ts";

/** The shares of the comparison with Wilson's intervals. */
export function intervalTable(results: Results): Table {
  const images = imagesByRightCount(results.dataset.counts.test);
  const counted = countedRight(results);
  return {
    caption: "The same shares with Wilson's 95% intervals, which tell how far they may be off " +
      "because only so many pictures were tested",
    columns: [
      left("experiment"),
      left("decision"),
      ...counted.map((field) => right(RIGHT_TITLES[field])),
    ],
    rows: results.experiments.flatMap(({ title, summary }) =>
      DECISION_NAMES.map((decision) => ({
        published: false,
        cells: [
          title,
          decision,
          ...counted.map((field) => {
            const share = percent(summary.decisions[decision][field].mean / images[field]);
            return `${share} ${percentInterval(summary.intervals[decision][field]!)}`;
          }),
        ],
      }))
    ),
  };
}

/** Every count that the article published beside ours. */
export function publishedTable(results: Results): Table {
  return reportedTable(
    "Ours against the article's, and the difference of the shares with Newcombe's 95% interval",
    "article",
    results,
    results.published.map(({ article, ...row }) => ({ ...row, reported: article })),
  );
}

/** Every count of PyTorch's runs beside ours; without rows if none of them was tested. */
export function pytorchTable(results: Results): Table {
  return reportedTable(
    "Ours against PyTorch's on the test pictures, and the difference of the shares with " +
      "Newcombe's 95% interval",
    "PyTorch",
    results,
    results.pytorch.flatMap(({ experiment, rightAnswers }) =>
      rightAnswers.map(({ pytorch, ...row }) => ({ ...row, experiment, reported: pytorch }))
    ),
  );
}

/** How far apart the epochs of ours and of PyTorch's runs are. */
export function pytorchEpochTable(results: Results): Table {
  const withArticle = results.pytorch.some(({ accuracies }) =>
    accuracies.some(({ epochs }) => epochs.some(({ article }) => article !== null))
  );
  return {
    caption: "Validation accuracies after the last epoch that both have, and ours minus " +
      "PyTorch's over all epochs up to it, in percentage points",
    columns: [
      left("experiment"),
      left("figure"),
      right("epochs"),
      right("ours"),
      right("PyTorch"),
      ...(withArticle ? [right("article")] : []),
      right("mean difference"),
      right("largest difference"),
    ],
    rows: results.pytorch.flatMap(({ experiment, accuracies }) =>
      accuracies.map(({ metric, epochs }) => {
        const last = epochs.at(-1)!;
        const { mean, largest, epochOfLargest } = epochDifferences(epochs);
        return {
          published: false,
          cells: [
            titleOf(results, experiment),
            metric.replaceAll("_", " "),
            count(epochs.length),
            shareOf(last.ours, 1),
            percent(last.pytorch),
            ...(withArticle ? [last.article === null ? NO_FIGURE : percent(last.article)] : []),
            signedPercent(mean),
            `${signedPercent(largest)} (epoch ${epochOfLargest})`,
          ],
        };
      })
    ),
  };
}

type EpochPair = Results["pytorch"][number]["accuracies"][number]["epochs"][number];

/** Ours minus PyTorch's: the mean, and the one that is farthest from 0 with its epoch from 1. */
function epochDifferences(epochs: readonly EpochPair[]) {
  const differences = epochs.map(({ ours, pytorch }) => ours.mean - pytorch);
  const sizes = differences.map(Math.abs);
  const index = sizes.indexOf(Math.max(...sizes));
  return {
    mean: differences.reduce((sum, difference) => sum + difference, 0) / differences.length,
    largest: differences[index]!,
    epochOfLargest: index + 1,
  };
}

interface ReportedRow {
  readonly experiment: ExperimentName;
  readonly decision: DecisionName;
  readonly figure: keyof RightCounts;
  readonly ours: Summary;
  readonly images: number;
  /** The other's count. */
  readonly reported: number;
  readonly difference: Difference;
}

function reportedTable(
  caption: string,
  other: string,
  results: Results,
  rows: readonly ReportedRow[],
): Table {
  const articleImages = imagesByRightCount(ARTICLE_TEST_IMAGES);
  return {
    caption,
    columns: [
      left("experiment"),
      left("decision"),
      left("figure"),
      right("ours"),
      right(other),
      right("difference in points"),
      left("verdict"),
    ],
    rows: rows.map(({ experiment, decision, figure, ours, images, reported, difference }) => ({
      published: false,
      cells: [
        titleOf(results, experiment),
        decision,
        RIGHT_TITLES[figure],
        countWithShare(ours, images),
        countWithShare({ mean: reported, standardDeviation: null }, articleImages[figure]),
        percentWithInterval(difference),
        reportedVerdict(difference),
      ],
    })),
  };
}

/**
 * Right answers of every pair of experiments, with the same decision for both; the article's last
 * pair comes first.
 */
export function rightDifferenceTable(results: Results): Table {
  const counted = countedRight(results);
  return {
    caption: "Differences of the shares of right answers, the first experiment minus the second, " +
      "in percentage points",
    columns: [
      left("first minus second"),
      left("decision"),
      ...counted.map((field) => right(RIGHT_TITLES[field])),
    ],
    rows: results.differences.toReversed().flatMap((pair) =>
      DECISION_NAMES.map((decision) => ({
        published: false,
        cells: [
          pairTitle(results, pair),
          decision,
          ...counted.map((field: keyof RightCounts) => {
            const difference = pair.decisions[decision][field];
            return difference === null ? NO_FIGURE : percentWithInterval(difference);
          }),
        ],
      }))
    ),
  };
}

/** Open-set figures of every pair of experiments, in the same order. */
export function openSetDifferenceTable(results: Results): Table {
  return {
    caption:
      "Differences of the figures over all thresholds, the first experiment minus the second",
    columns: [
      left("first minus second"),
      left("known against"),
      left("na output"),
      right("AUROC"),
      right("FPR at 95% TPR"),
      right("OSCR area"),
    ],
    rows: results.differences.toReversed().flatMap((pair) =>
      rejectedGroups(results).flatMap((group: RejectedGroup) =>
        ([["not counted", pair.openSet], ["counted in", pair.openSetWithNa]] as const)
          .flatMap(([naOutput, openSet]) => {
            const differences = openSet?.[group];
            if (!differences) return [];
            const { auroc, fprAt95Tpr, oscrArea } = differences;
            return [{
              published: false,
              cells: [
                pairTitle(results, pair),
                group,
                naOutput,
                ...[auroc, fprAt95Tpr, oscrArea].map(decimalWithInterval),
              ],
            }];
          })
      )
    ),
  };
}

function reportedVerdict(difference: Difference): string {
  const verdict = verdictOn(difference);
  if (verdict !== "clear") return verdict;
  return difference.mean > 0 ? "ours is higher" : "ours is lower";
}

function titleOf({ experiments }: Results, name: ExperimentName): string {
  return experiments.find((experiment) => experiment.name === name)!.title;
}

/** With the seeds, where they are not all that either experiment ran with. */
function pairTitle(
  results: Results,
  { first, second, seeds }: Results["differences"][number],
): string {
  const title = `${titleOf(results, first)} minus ${titleOf(results, second)}`;
  const complete = results.experiments
    .filter(({ name }) => name === first || name === second)
    .every(({ runs }) => runs.length === seeds.length);
  return complete ? title : `${title} (seeds ${listed(seeds.map(String))})`;
}
