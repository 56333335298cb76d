/**
 * The tables of the report, as text in cells, for every form it is written in.
 *
 * @module
 */
import { type Group, GROUPS } from "../data/categories.ts";
import {
  DECISION_NAMES,
  type DecisionName,
  type OpenSetFigures,
  type RightCounts,
} from "../evaluation/evaluate.ts";
import { EXPERIMENTS } from "../experiments.ts";
import {
  ARTICLE_SETTING,
  ARTICLE_TEST_IMAGES,
  type PublishedFigures,
  publishedFigures,
} from "./article.ts";
import type { Results } from "./results.ts";
import { count, countWithShare, decimal, duration, listed, NO_FIGURE, shareOf } from "./wording.ts";

/** A table of the report. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Figures go to the right, words to the left. */
  readonly align: "left" | "right";
}

/** A row of a table: one text per column. */
export interface Row {
  readonly cells: readonly string[];
  /** Whether the row is the article's and not ours. */
  readonly published: boolean;
}

/** What a category is called: its readable name if there is one, else its folder's. */
export function categoryName({ dataset }: Pick<Results, "dataset">, category: string): string {
  return dataset.categoryNames?.[category] ?? category;
}

/**
 * Right answers of every experiment by every decision. On the article's data set, the article's own
 * figures follow below the row they belong to.
 */
export function comparisonTable(results: Results): Table {
  const { test } = results.dataset.counts;
  const images = imagesOf(test);
  return {
    caption: "Test pictures answered rightly, as counts and as shares of their group",
    columns: [
      left("experiment"),
      left("decision"),
      right(`known right (of ${count(test.known)})`),
      right(`unknown rejected (of ${count(test.unknown)})`),
      right(`unseen rejected (of ${count(test.unseen)})`),
      right(`total right (of ${count(images.totalRight)})`),
    ],
    rows: results.experiments.flatMap(({ name, title, summary }) =>
      DECISION_NAMES.flatMap((decision) => {
        const figures = summary.decisions[decision];
        const own: Row = {
          published: false,
          cells: [
            title,
            decision,
            ...RIGHT_COUNTS.map((field) => countWithShare(figures[field], images[field])),
          ],
        };
        const published = results.dataset.name === ARTICLE_SETTING.dataset
          ? publishedFigures(name, decision)
          : undefined;
        return published === undefined ? [own] : [own, publishedRow(published)];
      })
    ),
  };
}

/** The figures that do not depend on a threshold, for unknown and unseen pictures apart. */
export function openSetTable(results: Results): Table {
  const figures: readonly [keyof OpenSetFigures, string][] = [
    ["auroc", "AUROC"],
    ["auprIn", "AUPR in"],
    ["auprOut", "AUPR out"],
    ["fprAt95Tpr", "FPR at 95% TPR"],
    ["oscrArea", "OSCR area"],
  ];
  return {
    caption: "Known against other pictures, over all thresholds",
    columns: [
      left("experiment"),
      left("known against"),
      ...figures.map(([, title]) => right(title)),
    ],
    rows: results.experiments.flatMap(({ title, summary }) =>
      (["unknown", "unseen"] as const).map((group) => ({
        published: false,
        cells: [
          title,
          group,
          ...figures.map(([field]) => decimal(summary.openSet[group]?.[field] ?? null)),
        ],
      }))
    ),
  };
}

/** How many pictures of each category are answered rightly by one decision. */
export function categoryTable(results: Results, decision: DecisionName): Table {
  const [first] = results.experiments;
  return {
    caption:
      `Right answers by category (${decision}): known pictures with their category, others ` +
      "with na",
    columns: [
      left("category"),
      left("group"),
      right("pictures"),
      ...results.experiments.map(({ title }) => right(title)),
    ],
    rows: first!.summary.categories.map(({ category, group, images }, index) => ({
      published: false,
      cells: [
        categoryName(results, category),
        group,
        count(images),
        ...results.experiments.map(({ summary }) =>
          shareOf(summary.categories[index]!.right[decision], images)
        ),
      ],
    })),
  };
}

/** Losses and validation accuracies after the last epoch. */
export function lastEpochTable(results: Results): Table {
  return {
    caption: "After the last epoch, on the test pictures of the groups that are trained",
    columns: [
      left("experiment"),
      right("training loss"),
      right("validation loss"),
      right("accuracy"),
      right("accuracy without na"),
      right("accuracy with na"),
    ],
    rows: results.experiments.map(({ title, summary: { lastEpoch } }) => ({
      published: false,
      cells: [
        title,
        decimal(lastEpoch.train_loss, 4),
        decimal(lastEpoch.valid_loss, 4),
        shareOf(lastEpoch.accuracy, 1),
        lastEpoch.accuracy_without_na ? shareOf(lastEpoch.accuracy_without_na, 1) : NO_FIGURE,
        lastEpoch.accuracy_with_na ? shareOf(lastEpoch.accuracy_with_na, 1) : NO_FIGURE,
      ],
    })),
  };
}

/** The categories of each group with their numbers of pictures. */
export function datasetTable(results: Results): Table {
  const { groups, counts } = results.dataset;
  return {
    caption: "The groups of the data set",
    columns: [
      left("group"),
      left("categories"),
      right("training pictures"),
      right("test pictures"),
    ],
    rows: GROUPS.map((group) => ({
      published: false,
      cells: [
        group,
        listed(groups[group].map((category) => categoryName(results, category))) || NO_FIGURE,
        count(counts.train[group]),
        count(counts.test[group]),
      ],
    })),
  };
}

/** How each experiment is trained, and how long its runs took. */
export function experimentTable(results: Results): Table {
  return {
    caption: "The experiments",
    columns: [
      left("experiment"),
      left("name"),
      left("loss"),
      left("output for na"),
      left("trained on"),
      left("seeds"),
      right("training time"),
    ],
    rows: results.experiments.map(({ name, title, runs }) => {
      const experiment = EXPERIMENTS.find((candidate) => candidate.name === name)!;
      return {
        published: false,
        cells: [
          title,
          name,
          experiment.loss,
          experiment.naClass ? "yes" : "no",
          listed(experiment.trainingGroups),
          runs.map((run) => String(run.seed)).join(", "),
          duration(runs.reduce((sum, run) => sum + run.time.trainingSeconds, 0)),
        ],
      };
    }),
  };
}

/** The counts of the comparison, in the order of its columns. */
const RIGHT_COUNTS = ["knownRight", "unknownRejected", "unseenRejected", "totalRight"] as const;

/** The number of pictures that each count is a part of. */
function imagesOf(
  { known, unknown, unseen }: Readonly<Record<Group, number>>,
): Record<keyof RightCounts, number> {
  return {
    knownRight: known,
    unknownRejected: unknown,
    unseenRejected: unseen,
    totalRight: known + unknown + unseen,
  };
}

function publishedRow(figures: PublishedFigures): Row {
  const images = imagesOf(ARTICLE_TEST_IMAGES);
  const cells = RIGHT_COUNTS.map((field) => {
    const published = figures[field];
    if (published === undefined) return NO_FIGURE;
    return countWithShare({ mean: published, standardDeviation: null }, images[field]);
  });
  return { published: true, cells: ["", "published", ...cells] };
}

function left(title: string): Column {
  return { title, align: "left" };
}

function right(title: string): Column {
  return { title, align: "right" };
}
