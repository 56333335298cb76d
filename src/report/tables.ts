/**
 * The tables of the report, as text in cells, for every form it is written in.
 *
 * @module
 */
import { GROUPS, readableName } from "../data/categories.ts";
import {
  DECISION_NAMES,
  type DecisionName,
  imagesByRightCount,
  type OpenSetFigures,
  type RejectedGroup,
  RIGHT_COUNTS,
  type RightCounts,
} from "../evaluation/evaluate.ts";
import { learnsNaOutput } from "../evaluation/known_score.ts";
import type { Summary } from "../evaluation/statistics.ts";
import { experimentNamed } from "../experiments.ts";
import {
  ARTICLE_SETTING,
  ARTICLE_TEST_IMAGES,
  type PublishedFigures,
  publishedFigures,
} from "../article/article.ts";
import type { Results } from "./results.ts";
import { withOwnDirection } from "../text/text_direction.ts";
import {
  by,
  count,
  countWithShare,
  decimal,
  duration,
  listed,
  NO_FIGURE,
  percentInterval,
  shareOf,
} from "../text/wording.ts";

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
  return withOwnDirection(readableName(dataset.categoryNames, category));
}

/** What the counts of right answers are called. */
export const RIGHT_TITLES: Readonly<Record<keyof RightCounts, string>> = {
  knownRight: "known right",
  unknownRejected: "unknown rejected",
  unseenRejected: "unseen rejected",
  totalRight: "total right",
};

/** The counts of right answers that the data set has pictures for. */
export function countedRight({ dataset }: Pick<Results, "dataset">): (keyof RightCounts)[] {
  const images = imagesByRightCount(dataset.counts.test);
  return RIGHT_COUNTS.filter((field) => images[field] > 0);
}

/** The groups to be rejected that the data set has test pictures of. */
export function rejectedGroups({ dataset }: Pick<Results, "dataset">): RejectedGroup[] {
  return (["unknown", "unseen"] as const).filter((group) => dataset.counts.test[group] > 0);
}

/**
 * Right answers of every experiment by every decision. On the article's data set, the article's own
 * figures follow below the row they belong to.
 */
export function comparisonTable(results: Results): Table {
  return rightAnswers(results, "as counts and as shares of their group", countWithShare);
}

/** The {@linkcode comparisonTable} in shares alone, for narrow pages. */
export function shareTable(results: Results): Table {
  return rightAnswers(results, "as shares of their group", shareOf);
}

function rightAnswers(results: Results, form: string, written: WrittenCount): Table {
  const images = imagesByRightCount(results.dataset.counts.test);
  const counted = countedRight(results);
  return {
    caption: `Test pictures answered rightly, ${form}`,
    columns: [
      left("experiment"),
      left("decision"),
      ...counted.map((field) => right(`${RIGHT_TITLES[field]} (of ${count(images[field])})`)),
    ],
    rows: results.experiments.flatMap(({ name, title, summary }) =>
      DECISION_NAMES.flatMap((decision) => {
        const figures = summary.decisions[decision];
        const own: Row = {
          published: false,
          cells: [
            title,
            decision,
            ...counted.map((field) => written(figures[field], images[field])),
          ],
        };
        const published = results.dataset.name === ARTICLE_SETTING.dataset
          ? publishedFigures(name, decision)
          : undefined;
        return published === undefined ? [own] : [own, publishedRow(published, counted, written)];
      })
    ),
  };
}

/**
 * The figures that do not depend on a threshold, for unknown and unseen pictures apart. An
 * experiment that learns an output for na has rows with and without it.
 */
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
      left("score"),
      left("known against"),
      ...figures.map(([, title]) => right(title)),
    ],
    rows: results.experiments.flatMap(({ name, title, summary }) => {
      const experiment = experimentNamed(name);
      const row = (
        score: string,
        group: RejectedGroup,
        openSet: Record<keyof OpenSetFigures, Summary> | null | undefined,
      ): Row => ({
        published: false,
        cells: [
          title,
          score,
          group,
          ...figures.map(([field]) => decimal(openSet?.[field] ?? null)),
        ],
      });
      return rejectedGroups(results).flatMap((group) => [
        row(`highest known ${experiment.activation}`, group, summary.openSet[group]),
        ...(learnsNaOutput(experiment)
          ? [row("the same minus that of na", group, summary.openSetWithNa?.[group])]
          : []),
      ]);
    }),
  };
}

/** How many pictures of each category are answered rightly by one decision, with intervals. */
export function categoryTable(results: Results, decision: DecisionName): Table {
  const [first] = results.experiments;
  return {
    caption: `Right answers by category ${by(decision)}, known pictures with their category and ` +
      "others with na, with Wilson's 95% intervals",
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
        ...results.experiments.map(({ summary }) => {
          const { right, intervals } = summary.categories[index]!;
          return `${shareOf(right[decision], images)} ${percentInterval(intervals[decision])}`;
        }),
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
    rows: GROUPS.filter((group) => groups[group].length > 0).map((group) => ({
      published: false,
      cells: [
        group,
        listed(groups[group].map((category) => categoryName(results, category))),
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
      const experiment = experimentNamed(name);
      return {
        published: false,
        cells: [
          title,
          name,
          experiment.loss.name,
          experiment.naClass ? "yes" : "no",
          listed(experiment.trainingGroups),
          runs.map((run) => String(run.seed)).join(", "),
          duration(runs.reduce((sum, run) => sum + run.time.trainingSeconds, 0)),
        ],
      };
    }),
  };
}

/** How a count of pictures is written, with the number of pictures it is a part of. */
type WrittenCount = (count: Summary, all: number) => string;

function publishedRow(
  figures: PublishedFigures,
  counted: readonly (keyof RightCounts)[],
  written: WrittenCount,
): Row {
  const images = imagesByRightCount(ARTICLE_TEST_IMAGES);
  const cells = counted.map((field) => {
    const published = figures[field];
    if (published === undefined) return NO_FIGURE;
    return written({ mean: published, standardDeviation: null }, images[field]);
  });
  return { published: true, cells: ["", "published", ...cells] };
}

/** A column of words. */
export function left(title: string): Column {
  return { title, align: "left" };
}

/** A column of figures. */
export function right(title: string): Column {
  return { title, align: "right" };
}
