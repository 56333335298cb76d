/**
 * What an experiment is: a plain value, which a file or a notebook's cell can make.
 *
 * @module
 */
import { type Group, isFolderName } from "./data/categories.ts";
import { sourceOf } from "./definition.ts";
import { type Decision, decisionNamed } from "./evaluation/decisions.ts";
import type { Activation } from "./losses/activation.ts";
import { givesNaOutput, type Loss } from "./losses/loss.ts";
import type { Architecture, NetworkDefinition } from "./model/network.ts";
import type { Start } from "./model/start.ts";
import type { Profile } from "./profiles.ts";
import type { ScoredNetwork } from "./scores/score.ts";

/**
 * One experiment: which network is trained how on what, and how its scores are read.
 *
 * @example
 * ```ts
 * import { bcena } from "unknown/article/experiments.ts";
 * import { entropicOpenSet } from "unknown/losses/entropic_open_set.ts";
 *
 * const entropic: Experiment = {
 *   ...bcena,
 *   name: "entropic",
 *   title: "Entropic open-set",
 *   loss: entropicOpenSet,
 * };
 * ```
 */
export interface Experiment {
  /** Names its results folder; no two experiments of a report share one. */
  readonly name: string;
  /** For headings and plots. */
  readonly title: string;
  /** Says also how logits become scores, and what the target of unknown pictures is. */
  readonly loss: Loss;
  /** The groups whose training pictures are used; validation uses the test pictures of these. */
  readonly trainingGroups: readonly Group[];
  /** Behind the column `predicted` of `predictions.csv`. */
  readonly decision: Decision;
  readonly network: NetworkDefinition;
  /** Size of the pictures, batch size and schedule. */
  readonly profile: Profile;
  /** What its parameter groups start from, where that is not what the profile says. */
  readonly start: Start;
}

/** An experiment as plain data, as `config.json` and reports carry it. */
export interface ExperimentDescription
  extends Pick<Experiment, "name" | "title" | "trainingGroups" | "start"> {
  readonly loss: Pick<Loss, "name" | "title" | "options">;
  readonly activation: Activation;
  /** The target of pictures outside the known categories. */
  readonly naTarget: ScoredNetwork["naTarget"];
  /** The decision's name. */
  readonly decision: string;
  readonly network: Architecture;
}

/** What can be written down of an experiment; its profile is written beside it. */
export function describe(experiment: Experiment): ExperimentDescription {
  const { name, title, loss, trainingGroups, decision, network } = experiment;
  const { options } = loss;
  return {
    name,
    title,
    loss: { name: loss.name, title: loss.title, ...(options === undefined ? {} : { options }) },
    activation: loss.activation,
    naTarget: trainsUnknown(experiment) ? loss.naTarget : "untrained",
    trainingGroups: [...trainingGroups],
    decision: decision.name,
    network: { kind: network.kind, name: network.name, options: network.options },
    start: startOf(experiment),
  };
}

/** What an experiment's parameter groups start from: what it says itself, then its profile. */
export function startOf({ profile, start }: Pick<Experiment, "profile" | "start">): Start {
  return { ...profile.start, ...start };
}

/** Whether the network has an output for `na`. */
export function hasNaOutput({ naTarget }: Pick<ExperimentDescription, "naTarget">): boolean {
  return givesNaOutput(naTarget);
}

/** Whether pictures outside the known categories are trained. */
export function trainsUnknown({ trainingGroups }: Pick<Experiment, "trainingGroups">): boolean {
  return trainingGroups.some((group) => group !== "known");
}

/** What reports write beside the folders of experiments. */
const RESERVED_NAMES: readonly string[] = ["figures", "report.html", "report.md", "results.json"];

/**
 * Makes sure that experiments can stand in one report.
 *
 * @throws {Error} if a name is not that of a folder, two experiments have the same, or a decision has
 *   the name of another one
 */
export function checkExperiments(experiments: readonly Experiment[]): void {
  for (const { name, decision } of experiments) {
    if (!isFolderName(name) || RESERVED_NAMES.includes(name)) {
      throw new Error(`experiment "${name}": its results cannot lie in a folder of that name`);
    }
    if (experiments.filter((other) => other.name === name).length > 1) {
      throw new Error(`two experiments are named "${name}"; give one of them another name`);
    }
    if (decisionNamed(decision.name) !== undefined && sourceOf(decision) !== undefined) {
      throw new Error(
        `experiment "${name}": its decision is named "${decision.name}", as one of this ` +
          "project's; give it another name",
      );
    }
  }
}
