/**
 * Our figures beside those that others report of the same pictures: the article, and a program in
 * PyTorch.
 *
 * @module
 */
import type { Difference } from "../evaluation/differences.ts";
import {
  DECISION_NAMES,
  type DecisionName,
  imagesByRightCount,
  RIGHT_COUNTS,
  type RightCounts,
} from "../evaluation/evaluate.ts";
import { newcombeInterval } from "../evaluation/intervals.ts";
import { summarise, type Summary } from "../evaluation/statistics.ts";
import type { HistoryRow } from "../training/history.ts";
import {
  ARTICLE_SETTING,
  ARTICLE_TEST_IMAGES,
  publishedFigures,
  publishedHistory,
} from "../article/article.ts";
import { pytorchRun } from "../article/pytorch.ts";
import type { ExperimentResults, Results } from "./results_schema.ts";

/** What data and training an experiment's figures come from. */
type Setting = Pick<Results, "dataset" | "profile">;

/** An experiment's counts of right answers beside the article's, where it published them. */
export function besideArticle(
  { dataset }: Setting,
  experiment: ExperimentResults,
): Results["published"] {
  if (dataset.name !== ARTICLE_SETTING.dataset) return [];
  return DECISION_NAMES.flatMap((decision) => {
    const published = publishedFigures(experiment.name, decision) ?? {};
    return countsBeside(experiment, decision, published)
      .map(({ reported, ...row }) => ({ experiment: experiment.name, ...row, article: reported }));
  });
}

/**
 * An experiment's accuracies after each epoch and its counts of right answers beside those of
 * PyTorch's run of the same setting, if there is one.
 *
 * @param histories of the experiment's runs
 */
export function besidePytorch(
  { dataset, profile }: Setting,
  experiment: ExperimentResults,
  histories: readonly (readonly HistoryRow[])[],
): Results["pytorch"] {
  const { name } = experiment;
  const pytorch = pytorchRun({ dataset: dataset.name, profile: profile.name, experiment: name });
  if (pytorch === undefined) return [];
  const article = profile.name === ARTICLE_SETTING.profile ? publishedHistory(name) : undefined;
  const common = Math.min(pytorch.epochs.length, ...histories.map((epochs) => epochs.length));
  return [{
    experiment: name,
    accuracies: ACCURACIES.flatMap((metric) => {
      const epochs = pytorch.epochs.slice(0, common).flatMap((epoch, index) => {
        const values = histories.map((epochs) => epochs[index]![metric])
          .filter((value) => value !== null);
        const other = epoch[metric];
        if (other === null || values.length === 0) return [];
        return [{
          ours: summarise(values),
          pytorch: other,
          article: article?.[index]?.[metric] ?? null,
        }];
      });
      return epochs.length === 0 ? [] : [{ metric, epochs }];
    }),
    rightAnswers: DECISION_NAMES.flatMap((decision) =>
      countsBeside(experiment, decision, pytorch.test?.[decision] ?? {})
        // What a decision cannot reject says nothing.
        .filter(({ reported }) => reported > 0)
        .map(({ reported, ...row }) => ({ ...row, pytorch: reported }))
    ),
  }];
}

const ACCURACIES = ["accuracy", "accuracy_without_na", "accuracy_with_na"] as const;

/** @param reported numbers of the article's test pictures */
function countsBeside(
  { summary, runs }: ExperimentResults,
  decision: DecisionName,
  reported: Partial<RightCounts>,
) {
  const images = imagesByRightCount(runs[0]!.figures.images);
  const articleImages = imagesByRightCount(ARTICLE_TEST_IMAGES);
  return RIGHT_COUNTS.flatMap((figure) => {
    const count = reported[figure];
    if (count === undefined || images[figure] === 0) return [];
    const ours = summary.decisions[decision][figure];
    const other = { successes: count, trials: articleImages[figure] };
    return [{
      decision,
      figure,
      ours,
      images: images[figure],
      reported: count,
      difference: shareDifference(ours, images[figure], other),
    }];
  });
}

function shareDifference(
  ours: Summary,
  images: number,
  other: { readonly successes: number; readonly trials: number },
): Difference {
  const share = ours.mean / images;
  return {
    mean: share - other.successes / other.trials,
    standardDeviation: ours.standardDeviation === null ? null : ours.standardDeviation / images,
    ...newcombeInterval({ successes: ours.mean, trials: images }, other),
  };
}
