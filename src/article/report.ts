/**
 * The article as the context of a report: its question, its published results, and the differences
 * between its runs and ours.
 *
 * @module
 */
import { type ReportContext, STANDALONE } from "../report/context.ts";
import type { Results } from "../report/results.ts";
import { epochsText } from "../report/sections/what_was_run.ts";
import { experimentNamed, startsAtRandom } from "../report/vocabulary.ts";
import { listed } from "../text/wording.ts";
import { account, answer, startsLikeTheArticle, withOtherNetwork } from "./account.ts";
import { articleFindings, BY_THE_THRESHOLD, CLAIMED } from "./comparisons.ts";
import { ARTICLE_EXPERIMENTS, ce } from "./experiments.ts";
import { ARTICLE_PROFILE, ARTICLE_RANDOM_PROFILE } from "./profile.ts";
import { ARTICLE, PROGRAM_RUNS } from "./references.ts";

/** The context of reports with the article's experiments, and possibly others. */
export const ARTICLE_CONTEXT: ReportContext = {
  order: ARTICLE_EXPERIMENTS.map(({ name }) => name),
  references: [ARTICLE, ...PROGRAM_RUNS],
  comparisons: [CLAIMED, BY_THE_THRESHOLD],
  otherStart: (profile) =>
    profile === ARTICLE_PROFILE.name ? ARTICLE_RANDOM_PROFILE.name : undefined,
  answer: (results) => answer(results) ?? STANDALONE.answer(results),
  account: (results) => isAbout(results) ? account(results) : STANDALONE.account(results),
  findings: articleFindings,
  deviations: (results) => isAbout(results) ? deviations(results) : [],
};

function isAbout(results: Results): boolean {
  return ARTICLE_EXPERIMENTS.some(({ name }) => experimentNamed(results, name) !== undefined);
}

function deviations(results: Results): string[] {
  const { dataset, profile } = results;
  if (dataset.name !== ARTICLE.dataset) {
    return [
      `The data set ${dataset.name} is not the article's, so its published figures do not apply.`,
    ];
  }
  const { size, phases } = ARTICLE_PROFILE;
  const scale = ARTICLE.profiles.includes(profile.name) ? [] : [
    `The profile ${profile.name} uses pictures of ${profile.size} x ${profile.size} pixels and ` +
    `${epochsText(results)}; the article used ${size} x ${size} pixels and ` +
    `${phases.map(({ epochs }) => epochs).join(" + ")} epochs.`,
  ];
  const squares = profile.crop
    ? ["Pictures are cropped to squares; the article padded them by reflection."]
    : [];
  const start = startsAtRandom(results)
    ? "All weights start at random, the stem's too. The article asked for pretrained ones, which " +
      "at most the three convolutions of its stem and their batch norms can have received."
    : startsLikeTheArticle(results)
    ? "The stem starts from a network that had learnt ten breeds of dogs (Imagewoof); the " +
      "article's had learnt ImageNet's thousand categories, those of Imagenette among them."
    : "The network starts from a trained one other than the article's.";
  const changed = withOtherNetwork(results);
  const network = changed.length === 0 ? [] : [
    `${listed(changed.map(({ title }) => title))} ran with the network ` +
    `${listed([...new Set(changed.map(({ network }) => network.name))])}; the article's is ` +
    `${ce.network.name}.`,
  ];
  const crossEntropy = experimentNamed(results, ce.name);
  const first = crossEntropy === undefined ? [] : [
    `${crossEntropy.title} is the first experiment as the article's text describes it; its ` +
    "notebook ran BCE in that place and published nothing for this one.",
  ];
  return [
    ...scale,
    ...squares,
    start,
    ...network,
    "All arithmetic is in 32-bit floats; the article's GPU used 16 bits with dynamic loss scaling.",
    "The order of the training pictures, their padding and their augmentation come from this " +
    "project's own seeded random numbers, and pictures are decoded and resized by other code, so " +
    "no run repeats one of the article's exactly.",
    ...first,
    "The article's last column, called accuracy, leaves the unknown pictures out (0.835 and 0.899 " +
    "for its second and third experiment); the totals here count every test picture.",
    "The article has one run of each experiment and no intervals.",
  ];
}
