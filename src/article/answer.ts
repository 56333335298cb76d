/**
 * The answer the report opens with: what of the article was reproduced and what was not, in
 * sentences made from the figures.
 *
 * @module
 */
import { type DecisionName, imagesByRightCount, type RightCounts } from "../evaluation/evaluate.ts";
import type { Interval } from "../evaluation/intervals.ts";
import type { ExperimentName } from "../experiments.ts";
import { ARTICLE_SETTING, ARTICLE_TEST_IMAGES, publishedFigures } from "./article.ts";
import type { ExperimentResults, Results } from "../report/results.ts";
import { rejectedGroups } from "../report/tables.ts";
import { isClearlyHigher, verdictOn } from "../report/verdict.ts";
import {
  by,
  inPercent,
  listed,
  percent,
  points,
  signedDecimal,
  signedPercent,
} from "../text/wording.ts";

/** A sentence of the answer. */
export interface Sentence {
  /** What it is about, to be seen at a glance. */
  readonly lead: string;
  readonly text: string;
}

/** Up to three sentences. In brackets behind a figure is the article's, if it published one. */
export function answer(results: Results): Sentence[] {
  const missing = [
    ...(results.dataset.counts.test.known === 0 ? ["known test pictures"] : []),
    ...(rejectedGroups(results).length === 0 ? ["test pictures that should be rejected"] : []),
  ];
  if (missing.length > 0) {
    return [{
      lead: "Nothing to compare",
      text:
        `this data set has no ${missing.join(" and no ")}, so it cannot show what the article ` +
        "is about.",
    }];
  }
  const claims = [
    plainClassifier(results),
    trainedRejection(results),
    gainAsPublished(results),
    heights(results),
    gainOfTheLoss(results),
  ].filter((claim) => claim !== undefined);
  const holding = claims.filter(({ holds }) => holds);
  const failing = claims.filter(({ holds }) => !holds);
  return [
    ...said(`Reproduced${setting(results)}`, holding),
    ...said(`Not reproduced${holding.length === 0 ? setting(results) : ""}`, failing),
    shareOfTheThreshold(results),
  ];
}

/** Something the article says, in our figures. */
interface Claim {
  readonly text: string;
  /** Whether our figures say the same. */
  readonly holds: boolean;
}

function said(lead: string, claims: readonly Claim[]): Sentence[] {
  if (claims.length === 0) return [];
  return [{ lead, text: `${claims.map(({ text }) => text).join("; ")}.` }];
}

/** Where our setting is not the article's. */
function setting({ dataset, profile }: Results): string {
  if (dataset.name !== ARTICLE_SETTING.dataset) return " on other pictures than the article's";
  if (profile.name === ARTICLE_SETTING.profile) return "";
  return ` at a smaller scale (profile ${profile.name})`;
}

/** A classifier without an answer for other pictures is right about known ones only. */
function plainClassifier(results: Results): Claim | undefined {
  const plain = experimentOf(results, "bce") ?? experimentOf(results, "ce");
  if (plain === undefined) return undefined;
  const share = figureIn(results, plain, "argmax");
  return {
    holds: share.mean("knownRight") > 0.5 && share.mean("totalRight") < share.mean("knownRight"),
    text: `${plain.title} is right on ${share.text("knownRight")} of the known pictures, but ` +
      "answers for all others too, so that of all its answers " +
      `${share.text("totalRight")} are right`,
  };
}

/** Trained on unknown pictures, a network rejects most of them, and fewer unseen ones. */
function trainedRejection(results: Results): Claim | undefined {
  const bceNa = experimentOf(results, "bce-na");
  const trained = bceNa ?? experimentOf(results, "bcena");
  const groups = rejectedGroups(results);
  if (trained === undefined || !groups.includes("unknown")) return undefined;
  const decision = trained === bceNa ? "argmax" : "threshold 0.5";
  const share = figureIn(results, trained, decision);
  const unknown = `trained with unknown pictures, ${trained.title} rejects ` +
    `${share.text("unknownRejected")} of these ${by(decision)}`;
  const mostUnknown = share.mean("unknownRejected") > 0.5;
  if (!groups.includes("unseen")) return { holds: mostUnknown, text: unknown };
  return {
    holds: mostUnknown && share.mean("unseenRejected") < share.mean("unknownRejected"),
    text: `${unknown} and ${share.text("unseenRejected")} of the unseen ones`,
  };
}

/** The article's comparison: another loss and another decision at once. */
function gainAsPublished(results: Results): Claim | undefined {
  const claimed = results.gain?.claimed.unseenRejected;
  if (!claimed) return undefined;
  const { before, after } = comparedExperiments(results);
  const share = figureIn(results, after, "threshold 0.5");
  return {
    holds: isClearlyHigher(claimed),
    text: `${after.title} at threshold 0.5 rejects ${share.text("unseenRejected")} of the unseen ` +
      `pictures, which is ${points(claimed.mean)} against ${before.title} by argmax`,
  };
}

/** How near the figures come to the published ones, leaving out sums and what cannot be but 0. */
function heights(results: Results): Claim | undefined {
  const { published } = results;
  const shares = published.filter(({ figure, article }) => figure !== "totalRight" && article > 0);
  if (shares.length === 0) return undefined;
  const off = shares.filter(({ difference }) => verdictOn(difference) === "clear");
  const sizes = (direction: number) =>
    off.map(({ difference: { mean } }) => mean * direction).filter((size) => size > 0)
      .sort((a, b) => a - b);
  const parts = ([["lower", sizes(-1)], ["higher", sizes(1)]] as const)
    .filter(([, some]) => some.length > 0)
    .map(([word, some]) => {
      const [least, most] = [inPercent(some[0]!), inPercent(some.at(-1)!)];
      const range = least === most ? most : `${least} to ${most}`;
      return `${some.length} ${areOrIs(some.length)} ${word} by ${range} points`;
    });
  const near = shares.length - off.length;
  const met = `${near} ${areOrIs(near)} met within chance`;
  return {
    holds: off.length === 0,
    text: `the height of the figures: of the ${shares.length} shares that the article published, ` +
      listed([met, ...parts]) + (off.length === 0 ? "" : besidePytorch(results)),
  };
}

/** What another program, which starts as ours and unlike the article's, makes of the setting. */
function besidePytorch({ pytorch, experiments }: Results): string {
  return pytorch.flatMap(({ experiment, accuracies }) => {
    const { title } = experiments.find(({ name }) => name === experiment)!;
    const epochs = accuracies.find(({ metric }) => metric === "accuracy_with_na")?.epochs ?? [];
    const last = epochs.at(-1);
    if (!last || last.article === null) return [];
    return [
      ` (after ${epochs.length} epochs, the accuracy with na of ${title} is ` +
      `${percent(last.ours.mean)} here, ${percent(last.pytorch)} in a PyTorch program whose ` +
      `weights start at random as ours, and ${percent(last.article)} in the article)`,
    ];
  }).join("");
}

function areOrIs(count: number): string {
  return count === 1 ? "is" : "are";
}

/** What the article concludes from its comparison: that the loss is what rejects more. */
function gainOfTheLoss(results: Results): Claim | undefined {
  const pair = results.differences.find(({ first, second }) =>
    first === "bcena" && second === "bce-na"
  );
  const low = pair?.decisions["threshold 0.4"].unseenRejected;
  const high = pair?.decisions["threshold 0.5"].unseenRejected;
  const area = pair?.openSet.unseen?.auroc;
  if (!low || !high || !area) return undefined;
  const { before, after } = comparedExperiments(results);
  return {
    holds: isClearlyHigher(high) && isClearlyHigher(area),
    text: `a gain by the loss itself: judged at the same threshold, ${after.title} rejects ` +
      `${points(low.mean)} (95% interval ${ends(low, signedPercent)}) of the unseen pictures at ` +
      `0.4 and ${points(high.mean)} (${ends(high, signedPercent)}) at 0.5 compared with ` +
      `${before.title}, and its AUROC against them differs by ${signedDecimal(area.mean)} ` +
      `(${ends(area, signedDecimal)})`,
  };
}

/** What of the article's difference is left if only the threshold changes. */
function shareOfTheThreshold(results: Results): Sentence {
  const claimed = results.gain?.claimed.unseenRejected;
  const byThreshold = results.gain?.byThreshold.unseenRejected;
  if (!claimed || !byThreshold) return { lead: "Not compared", text: missingComparison(results) };
  const { before, after } = comparedExperiments(results);
  const article = isArticleData(results) ? ` (article: ${points(publishedGain())})` : "";
  const rest = points(claimed.mean - byThreshold.mean);
  const severalSeeds = [before, after].every(({ runs }) => runs.length > 1);
  return {
    lead: "Why",
    text: `of the ${points(claimed.mean)}${article} between ${before.title} by argmax and ` +
      `${after.title} at threshold 0.5, ${points(byThreshold.mean)} come from the threshold, ` +
      `which ${before.title} can use as well, and ${rest} from the rest` +
      `${severalSeeds ? "" : "; with one seed, a few points may be chance"}.`,
  };
}

function missingComparison(results: Results): string {
  const comparison = "the article's main comparison, of BCENa with BCE with na class";
  if (!rejectedGroups(results).includes("unseen")) {
    return `${comparison}, is on unseen pictures, which this data set has none of.`;
  }
  return `${comparison} on unseen pictures, needs both of them with the same seed.`;
}

function ends({ low, high }: Interval, text: (value: number) => string): string {
  return `${text(low)} to ${text(high)}`;
}

/** The two experiments of the article's comparison, which must be there. */
function comparedExperiments(results: Results) {
  return { before: experimentOf(results, "bce-na")!, after: experimentOf(results, "bcena")! };
}

function experimentOf(
  { experiments }: Results,
  name: ExperimentName,
): ExperimentResults | undefined {
  return experiments.find((experiment) => experiment.name === name);
}

/** Shares of right answers, as numbers and as text with the article's figure behind it. */
function figureIn(
  results: Results,
  { name, summary }: ExperimentResults,
  decision: DecisionName,
) {
  const images = imagesByRightCount(results.dataset.counts.test);
  const articleImages = imagesByRightCount(ARTICLE_TEST_IMAGES);
  const published = isArticleData(results) ? publishedFigures(name, decision) : undefined;
  return {
    mean: (field: keyof RightCounts) => summary.decisions[decision][field].mean / images[field],
    text: (field: keyof RightCounts) => {
      const ours = percent(summary.decisions[decision][field].mean / images[field]);
      const article = published?.[field];
      if (article === undefined) return ours;
      return `${ours} (article: ${percent(article / articleImages[field])})`;
    },
  };
}

function isArticleData({ dataset }: Results): boolean {
  return dataset.name === ARTICLE_SETTING.dataset;
}

/** The article's difference in unseen pictures rejected. */
function publishedGain(): number {
  const after = publishedFigures("bcena", "threshold 0.5")!.unseenRejected!;
  const before = publishedFigures("bce-na", "argmax")!.unseenRejected!;
  return (after - before) / ARTICLE_TEST_IMAGES.unseen;
}
