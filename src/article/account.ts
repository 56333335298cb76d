/**
 * The answer to the article's question in one sentence, and the evidence for it: which of the
 * article's results were reproduced and which were not. Sentences are made from the measures.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { type CorrectCounts, imagesByCount } from "../evaluation/measures.ts";
import { argmax, threshold } from "../evaluation/decisions.ts";
import type { DecidedExperiment } from "../evaluation/differences.ts";
import type { Interval } from "../evaluation/intervals.ts";
import { describe } from "../experiments.ts";
import type { Profile } from "../profiles.ts";
import { highestScore } from "../scores/highest_score.ts";
import type { Sentence } from "../report/context.ts";
import type { ExperimentResults, Results } from "../report/results.ts";
import {
  experimentNamed,
  hasStartOfProfile,
  isClearlyHigher,
  rejectedGroups,
  startsAtRandom,
  titleOf,
  verdictOn,
} from "../report/vocabulary.ts";
import {
  by,
  inPercent,
  listed,
  percent,
  points,
  pointsMore,
  signedDecimal,
} from "../text/wording.ts";
import { CLAIMED, type ComparedPair, comparedPair } from "./comparisons.ts";
import { ARTICLE_EXPERIMENTS, bce, bceNa, bcena, ce } from "./experiments.ts";
import { ARTICLE_PROFILE } from "./profile.ts";
import { ARTICLE } from "./references.ts";

const LOW = threshold(0.4).name;
const HIGH = threshold(0.5).name;

/** Whether the loss rejects unseen pictures; `undefined` if these results cannot answer this. */
export function answer(results: Results): string | undefined {
  const pair = comparedPair(results);
  if (!pair?.claimed || !pair.byThreshold) return undefined;
  const { before, after, claimed, byThreshold } = pair;
  const share = sharesIn(results, after, HIGH).mean("unseenRejected");
  const start = `${after.title} rejects ${percent(share)} of the pictures of what it never saw`;
  if (!isClearlyHigher(claimed)) return `${start}, not clearly more than ${before.title} does.`;
  const cause = byThreshold.mean > claimed.mean / 2
    ? "the threshold, not from the loss"
    : "the loss, not from the threshold";
  return `${start}; most of what it gains over ${before.title} comes from ${cause}.`;
}

/** Short sentences. The article's number, if published, follows ours in brackets. */
export function account(results: Results): Sentence[] {
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
  const pair = comparedPair(results);
  const claims = [
    plainClassifier(results),
    trainedRejection(results),
    pair && gainAsPublished(results, pair),
    heights(results),
    pair && gainOfTheLoss(pair),
  ].filter((claim) => claim !== undefined);
  const holding = claims.filter(({ holds }) => holds);
  const failing = claims.filter(({ holds }) => !holds);
  return [
    ...said(`Reproduced${setting(results)}`, holding),
    ...said(`Not reproduced${holding.length === 0 ? setting(results) : ""}`, failing),
    ...besidePrograms(results),
    shareOfTheThreshold(results, pair),
  ];
}

/** A claim of the article, in our numbers. */
interface Claim {
  readonly text: string;
  /** Whether our numbers confirm it. */
  readonly holds: boolean;
}

function said(lead: string, claims: readonly Claim[]): Sentence[] {
  return claims.map(({ text }) => ({ lead, text: `${text}.` }));
}

/** Differences between our setting and the article's, which started with a trained stem. */
function setting(results: Results): string {
  const { dataset, profile } = results;
  if (dataset.name !== ARTICLE.dataset) return " on other pictures than the article's";
  if (!ARTICLE.profiles.includes(profile.name)) {
    const epochs = ({ phases }: Pick<Profile, "phases">) =>
      phases.reduce((sum, { epochs }) => sum + epochs, 0);
    return profile.size <= ARTICLE_PROFILE.size && epochs(profile) <= epochs(ARTICLE_PROFILE)
      ? ` at a smaller scale (profile ${profile.name})`
      : ` with the profile ${profile.name}`;
  }
  if (withOtherNetwork(results).length > 0) return " with another network";
  if (startsAtRandom(results)) return " from a random start";
  return startsLikeTheArticle(results) ? "" : " from another start";
}

/** Whether all experiments start from the stem of the profile `article`. */
export function startsLikeTheArticle(results: Results): boolean {
  return results.profile.name === ARTICLE_PROFILE.name &&
    results.experiments.every((experiment) => hasStartOfProfile(results, experiment));
}

/** The article's experiments that ran with another network than the article's. */
export function withOtherNetwork({ experiments }: Results): ExperimentResults[] {
  return experiments.filter(({ name, network }) =>
    ARTICLE_EXPERIMENTS.some((experiment) =>
      experiment.name === name && !isDeepStrictEqual(network, describe(experiment).network)
    )
  );
}

/** The claim that a classifier without rejection is correct on known pictures only. */
function plainClassifier(results: Results): Claim | undefined {
  const plain = experimentNamed(results, bce.name) ?? experimentNamed(results, ce.name);
  if (plain === undefined) return undefined;
  const share = sharesIn(results, plain, argmax.name);
  return {
    holds: share.mean("knownCorrect") > 0.5 &&
      share.mean("totalCorrect") < share.mean("knownCorrect"),
    text: `${plain.title} labels ${share.text("knownCorrect")} of the known pictures correctly, ` +
      "but gives a label even to pictures that it should reject",
  };
}

/**
 * The claim that a network trained on unknown pictures rejects most of them, and fewer unseen ones.
 */
function trainedRejection(results: Results): Claim | undefined {
  const withOutput = experimentNamed(results, bceNa.name);
  const trained = withOutput ?? experimentNamed(results, bcena.name);
  const groups = rejectedGroups(results);
  if (trained === undefined || !groups.includes("unknown")) return undefined;
  const decision = trained === withOutput ? argmax.name : HIGH;
  const share = sharesIn(results, trained, decision);
  const unknown = `trained with unknown pictures, ${trained.title} rejects ` +
    `${share.text("unknownRejected")} of these ${by(decision)}`;
  const mostUnknown = share.mean("unknownRejected") > 0.5;
  if (!groups.includes("unseen")) return { holds: mostUnknown, text: unknown };
  return {
    holds: mostUnknown && share.mean("unseenRejected") < share.mean("unknownRejected"),
    text: `${unknown} and ${share.text("unseenRejected")} of the unseen ones`,
  };
}

/** The article's comparison, which changes the loss and the decision at once. */
function gainAsPublished(
  results: Results,
  { before, after, claimed }: ComparedPair,
): Claim | undefined {
  if (!claimed) return undefined;
  const share = sharesIn(results, after, HIGH);
  return {
    holds: isClearlyHigher(claimed),
    text: `${after.title} ${by(HIGH)} rejects ${share.text("unseenRejected")} of the unseen ` +
      `pictures; that is ${pointsMore(claimed)} than ${before.title} by argmax`,
  };
}

/** The distance of our shares from the published ones, without sums and shares that must be 0. */
function heights(results: Results): Claim | undefined {
  const shares = results.references.filter(({ source }) => source === ARTICLE.source)
    .flatMap(({ counts }) => counts)
    .filter(({ measure, reported }) => measure !== "totalCorrect" && reported > 0);
  if (shares.length === 0) return undefined;
  const off = shares.flatMap(({ difference }) =>
    verdictOn(difference) === "clear" ? [difference.mean] : []
  );
  const parts = ([["lower", -1], ["higher", 1]] as const).flatMap(([word, direction]) => {
    const sizes = off.map((mean) => mean * direction).filter((size) => size > 0);
    if (sizes.length === 0) return [];
    const [least, most] = [Math.min(...sizes), Math.max(...sizes)].map(inPercent);
    const range = least === most ? most : `${least} to ${most}`;
    return [`${sizes.length} ${areOrIs(sizes.length)} ${word} by ${range} points`];
  });
  const near = shares.length - off.length;
  const met = `${near} ${areOrIs(near)} met within chance`;
  return {
    // One in eight may be off: the intervals know nothing of how runs differ from seed to seed.
    holds: off.length <= Math.floor(shares.length / 8),
    text: `the absolute figures: of the ${shares.length} shares that the article published, ` +
      listed([met, ...parts]),
  };
}

/**
 * Other programs' accuracies in this setting, after the epochs that they share with the article.
 */
function besidePrograms(results: Results): Sentence[] {
  const withNa = (source: string, experiment: string) =>
    results.references.find((reference) =>
      reference.source === source && reference.experiment === experiment
    )?.accuracies.find(({ metric }) => metric === "accuracy_with_na")?.epochs ?? [];
  const changed = withOtherNetwork(results).map(({ name }) => name);
  const theirSetting = results.references.filter(({ published, experiment }) =>
    !published && !changed.includes(experiment) &&
    hasStartOfProfile(results, experimentNamed(results, experiment)!)
  );
  return theirSetting.flatMap(({ source, experiment }) => {
    const theirs = withNa(source, experiment);
    const last = theirs.at(-1);
    const article = withNa(ARTICLE.source, experiment)[theirs.length - 1];
    if (last === undefined || article === undefined) return [];
    return [{
      lead: `Beside ${source}`,
      text: `after ${theirs.length} epochs, the accuracy with na of ` +
        `${titleOf(results, experiment)} is ${percent(last.ours.mean)} here, ` +
        `${percent(last.reported)} in ${source} from the same kind of start, and ` +
        `${percent(article.reported)} in the article.`,
    }];
  });
}

function areOrIs(count: number): string {
  return count === 1 ? "is" : "are";
}

/** The article's conclusion from its comparison: that the loss causes the higher rejection rate. */
function gainOfTheLoss({ before, after, differences }: ComparedPair): Claim | undefined {
  const low = differences?.decisions[LOW]?.unseenRejected;
  const high = differences?.decisions[HIGH]?.unseenRejected;
  const area = differences?.openSet[highestScore.name]?.unseen?.auroc;
  if (!low || !high || !area) return undefined;
  return {
    holds: isClearlyHigher(high) && isClearlyHigher(area),
    text: `a gain by the loss itself: at threshold 0.5 for both, ${after.title} rejects ` +
      `${pointsMore(high)} of the unseen pictures than ${before.title}; at 0.4, ` +
      `${pointsMore(low)}; over all thresholds, its AUROC against them differs by ` +
      `${signedDecimal(area.mean)} (95% interval ${ends(area, signedDecimal)})`,
  };
}

/** The share of the article's difference that the threshold alone explains. */
function shareOfTheThreshold(results: Results, pair: ComparedPair | undefined): Sentence {
  if (!pair?.claimed || !pair.byThreshold) {
    const noUnseen = !rejectedGroups(results).includes("unseen");
    return {
      lead: "Not compared",
      text: "the article's main comparison, of BCENa with BCE with na class" +
        (noUnseen
          ? ", is on unseen pictures, which this data set has none of."
          : " on unseen pictures, needs both of them with the same seed."),
    };
  }
  const { before, after, claimed, byThreshold } = pair;
  const article = isArticleData(results) ? ` (article: ${points(publishedGain())})` : "";
  const rest = points(claimed.mean - byThreshold.mean);
  const severalSeeds = [before, after].every(({ runs }) => runs.length > 1);
  return {
    lead: "Why",
    text: `of the ${points(claimed.mean)}${article} between ${before.title} by argmax and ` +
      `${after.title} ${by(HIGH)}, ${points(byThreshold.mean)} come from the threshold, ` +
      `which ${before.title} can use as well, and ${rest} from the rest` +
      `${severalSeeds ? "" : "; with one seed, a few points may be chance"}.`,
  };
}

function ends({ low, high }: Interval, text: (value: number) => string): string {
  return `${text(low)} to ${text(high)}`;
}

/** Shares of correct pictures, as numbers and as text followed by the article's number. */
function sharesIn(results: Results, { name, summary }: ExperimentResults, decision: string) {
  const images = imagesByCount(results.dataset.counts.test);
  const share = (measure: keyof CorrectCounts) =>
    summary.decisions[decision]![measure].mean / images[measure];
  return {
    mean: share,
    text: (measure: keyof CorrectCounts) => {
      const article = isArticleData(results) ? publishedShare(name, decision, measure) : undefined;
      const ours = percent(share(measure));
      return article === undefined ? ours : `${ours} (article: ${percent(article)})`;
    },
  };
}

function isArticleData({ dataset }: Results): boolean {
  return dataset.name === ARTICLE.dataset;
}

function publishedShare(
  experiment: string,
  decision: string,
  measure: keyof CorrectCounts,
): number | undefined {
  const run = ARTICLE.runs.find((run) => run.experiment === experiment);
  const pictures = run?.counts?.[decision]?.[measure];
  return pictures === undefined ? undefined : pictures / imagesByCount(ARTICLE.images)[measure];
}

/** The published difference in the rejection rate of unseen pictures. */
function publishedGain(): number {
  const rejected = ({ experiment, decision }: DecidedExperiment) =>
    publishedShare(experiment, decision.name, "unseenRejected")!;
  return rejected(CLAIMED.first) - rejected(CLAIMED.second);
}
