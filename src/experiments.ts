/**
 * The article's experiments as plain data.
 *
 * @module
 */
import type { Group } from "./data/categories.ts";
import type { Activation } from "./losses/activation.ts";
import { bce } from "./losses/bce.ts";
import { bcena } from "./losses/bcena.ts";
import { crossEntropy } from "./losses/cross_entropy.ts";
import type { Loss } from "./losses/loss.ts";

/** The names of the experiments, as used on the command line and in result files. */
export const EXPERIMENT_NAMES = ["ce", "bce", "bce-na", "bcena"] as const;

/** One of {@linkcode EXPERIMENT_NAMES}. */
export type ExperimentName = typeof EXPERIMENT_NAMES[number];

/** How scores become a label. */
export type DecisionRule =
  | { readonly kind: "argmax" }
  | {
    /** `na` where the highest score is below the threshold, else the label of that score. */
    readonly kind: "threshold";
    readonly threshold: number;
  };

/** One experiment: what is trained on what, and how its scores are read. */
export interface Experiment {
  readonly name: ExperimentName;
  /** For headings and figures. */
  readonly title: string;
  readonly loss: Loss;
  /** How logits become scores in [0, 1]. */
  readonly activation: Activation;
  /** Whether the network has an output for `na` (label 0). */
  readonly naClass: boolean;
  /** The groups whose training pictures are used; validation uses the test pictures of these. */
  readonly trainingGroups: readonly Group[];
  /** The rule behind the column `predicted` of `predictions.csv`. */
  readonly decision: DecisionRule;
}

/** The threshold of the article's metric `accuracy_with_na`. */
export const METRIC_THRESHOLD = 0.4;

/** The threshold of the article's confusion matrices of `bcena`. */
export const CONFUSION_THRESHOLD = 0.5;

/** The article's experiments, in its order. `ce` is its text, `bce` is what its notebook ran. */
export const EXPERIMENTS: readonly Experiment[] = [
  {
    name: "ce",
    title: "Cross-entropy",
    loss: crossEntropy,
    activation: "softmax",
    naClass: false,
    trainingGroups: ["known"],
    decision: { kind: "argmax" },
  },
  {
    name: "bce",
    title: "BCE",
    loss: bce,
    activation: "sigmoid",
    naClass: false,
    trainingGroups: ["known"],
    decision: { kind: "argmax" },
  },
  {
    name: "bce-na",
    title: "BCE with na class",
    loss: bce,
    activation: "sigmoid",
    naClass: true,
    trainingGroups: ["known", "unknown"],
    decision: { kind: "argmax" },
  },
  {
    name: "bcena",
    title: "BCENa",
    loss: bcena,
    activation: "sigmoid",
    naClass: true,
    trainingGroups: ["known", "unknown"],
    decision: { kind: "threshold", threshold: METRIC_THRESHOLD },
  },
];

/**
 * The experiment of that name.
 *
 * @throws {Error} if there is none; the message lists those there are.
 */
export function experimentNamed(name: string): Experiment {
  const experiment = EXPERIMENTS.find((candidate) => candidate.name === name);
  if (experiment === undefined) {
    const names = EXPERIMENTS.map((candidate) => candidate.name).join(", ");
    throw new Error(`unknown experiment "${name}"; there are ${names}`);
  }
  return experiment;
}
