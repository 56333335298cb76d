/**
 * The article's experiments.
 *
 * Source: K. Dylski, "Classifying unknown gestures with modified loss function" (28 September
 * 2020).
 *
 * @module
 */
import { argmax, threshold } from "../evaluation/decisions.ts";
import type { Experiment } from "../experiments.ts";
import { bce as binaryCrossEntropy } from "../losses/bce.ts";
import { bcena as modifiedBce } from "../losses/bcena.ts";
import { crossEntropy } from "../losses/cross_entropy.ts";
import { XRESNET18 } from "../model/xresnet.ts";
import { ARTICLE_PROFILE } from "./profile.ts";

const common = { network: XRESNET18, profile: ARTICLE_PROFILE, start: {} } as const;

/** Plain classification, as the article's text describes its first experiment. */
export const ce: Experiment = {
  ...common,
  name: "ce",
  title: "Cross-entropy",
  loss: crossEntropy,
  trainingGroups: ["known"],
  decision: argmax,
};

/** Plain classification, as the article's notebook ran its first experiment. */
export const bce: Experiment = {
  ...common,
  name: "bce",
  title: "BCE",
  loss: binaryCrossEntropy,
  trainingGroups: ["known"],
  decision: argmax,
};

/** A separate class for everything else: the second experiment. */
export const bceNa: Experiment = {
  ...common,
  name: "bce-na",
  title: "BCE with na class",
  loss: binaryCrossEntropy,
  trainingGroups: ["known", "unknown"],
  decision: argmax,
};

/** The modified loss: the third experiment. */
export const bcena: Experiment = {
  ...common,
  name: "bcena",
  title: "BCENa",
  loss: modifiedBce,
  trainingGroups: ["known", "unknown"],
  decision: threshold(0.4),
};

/** In the article's order. */
export const ARTICLE_EXPERIMENTS: readonly Experiment[] = [ce, bce, bceNa, bcena];
