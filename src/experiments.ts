/**
 * Definition of an experiment: a plain value that a file or a notebook's cell can create.
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
 * One experiment: its network, loss, training and decision.
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
  /** Name of its results folder; no two experiments of a report share one. */
  readonly name: string;
  /** Title in headings and plots. */
  readonly title: string;
  /** The loss, with the activation and the target of unknown pictures. */
  readonly loss: Loss;
  /**
   * The groups whose training pictures are used; validation uses the same groups' test pictures.
   */
  readonly trainingGroups: readonly Group[];
  /** The decision behind the column `predicted` of `predictions.csv`. */
  readonly decision: Decision;
  readonly network: NetworkDefinition;
  /** Size of the pictures, batch size and schedule. */
  readonly profile: Profile;
  /** The origins of parameter groups' initial values that differ from the profile's. */
  readonly start: Start;
}

/** An experiment as plain data, as in `config.json` and reports. */
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

/** The plain data of an experiment, without its profile, which is stored separately. */
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

/**
 * The origins of an experiment's initial values: its own, and for other groups its profile's. A
 * `body` of its own takes the place of the profile's whole start, whose groups it stands for.
 */
export function startOf({ profile, start }: Pick<Experiment, "profile" | "start">): Start {
  return "body" in start ? start : { ...profile.start, ...start };
}

/** Whether the network has an output for `na`. */
export function hasNaOutput({ naTarget }: Pick<ExperimentDescription, "naTarget">): boolean {
  return givesNaOutput(naTarget);
}

/** Whether training uses pictures outside the known categories. */
export function trainsUnknown({ trainingGroups }: Pick<Experiment, "trainingGroups">): boolean {
  return trainingGroups.some((group) => group !== "known");
}

/** Names of files and folders that reports write beside the folders of experiments. */
const RESERVED_NAMES: readonly string[] = ["figures", "report.html", "report.md", "results.json"];

/**
 * Makes sure that experiments can be in the same report.
 *
 * @throws {Error} if a name cannot be a folder's name, two experiments share one, or an own
 *   decision has the name of one of this project's
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
