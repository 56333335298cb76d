/**
 * Experiments, scores, decisions and networks of the user's own, from a module of theirs.
 *
 * @module
 */
import { resolve, toFileUrl } from "@std/path";
import type { Decision } from "./evaluation/decisions.ts";
import type { Experiment } from "./experiments.ts";
import { messageOf } from "./files/error_message.ts";
import type { NetworkKind } from "./model/network.ts";
import type { Score } from "./scores/score.ts";

/** What a module may export; all of it is optional there. */
export interface Extension {
  readonly experiments: readonly Experiment[];
  readonly scores: readonly Score[];
  /** Decisions that saved networks name. */
  readonly decisions: readonly Decision[];
  /** Kinds of networks that saved networks name. */
  readonly networkKinds: readonly NetworkKind[];
}

/** Nothing. */
export const NO_EXTENSION: Extension = {
  experiments: [],
  scores: [],
  decisions: [],
  networkKinds: [],
};

/**
 * Loads a module, which is run for that.
 *
 * @param path of a TypeScript or JavaScript file
 * @throws {Error} if it cannot be loaded, or exports something of another form; names file and field
 */
export async function loadExtension(path: string): Promise<Extension> {
  let exported: Partial<Extension>;
  try {
    exported = await import(toFileUrl(resolve(path)).href);
  } catch (error) {
    throw new Error(`${path}: cannot be loaded (${messageOf(error)})`, { cause: error });
  }
  const names = Object.keys(NO_EXTENSION);
  if (!names.some((name) => name in exported)) {
    throw new Error(`${path}: exports none of ${names.join(", ")}; export at least one`);
  }
  const extension = { ...NO_EXTENSION, ...exported };
  requireForm(path, "experiments", extension.experiments, EXPERIMENT_FORM);
  requireForm(path, "scores", extension.scores, SCORE_FORM);
  requireForm(path, "decisions", extension.decisions, DECISION_FORM);
  requireForm(path, "networkKinds", extension.networkKinds, { kind: "string", define: "function" });
  return extension;
}

type Form = Readonly<Record<string, "string" | "function" | "object">>;

const SCORE_FORM: Form = { name: "string", title: "string", appliesTo: "function" };
const DECISION_FORM: Form = { name: "string", phrase: "string", decide: "function" };
const LOSS_FORM: Form = {
  name: "string",
  title: "string",
  activation: "string",
  naTarget: "string",
  targets: "function",
  value: "function",
};
const EXPERIMENT_FORM: Form = {
  name: "string",
  title: "string",
  loss: "object",
  trainingGroups: "object",
  decision: "object",
  network: "object",
  profile: "object",
  start: "object",
};

/** A module is not type-checked when it runs; a missing field would fail late, after training. */
function requireForm(path: string, what: string, values: unknown, form: Form): void {
  if (!Array.isArray(values)) throw new Error(`${path}: ${what} is not a list`);
  values.forEach((value, index) => {
    const place = `${path}: ${what}[${index}]`;
    requireFields(place, value, form);
    if (form !== EXPERIMENT_FORM) return;
    requireFields(`${place}.loss`, value.loss, LOSS_FORM);
    requireFields(`${place}.decision`, value.decision, DECISION_FORM);
    requireFields(`${place}.network`, value.network, { name: "string", build: "function" });
  });
}

function requireFields(place: string, value: unknown, form: Form): void {
  for (const [field, type] of Object.entries(form)) {
    const found = (value as Record<string, unknown> | null)?.[field];
    if (typeof found !== type || found === null) {
      throw new Error(
        `${place}.${field} is ${found === null ? "null" : typeof found}, not ${type}`,
      );
    }
  }
}
