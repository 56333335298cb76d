/**
 * The user's own experiments, scores, decisions and networks, from a module.
 *
 * @module
 */
import { resolve, toFileUrl } from "@std/path";
import type { Decision } from "./evaluation/decisions.ts";
import type { Experiment } from "./experiments.ts";
import { messageOf } from "./files/error_message.ts";
import type { NetworkKind } from "./model/network.ts";
import type { Score } from "./scores/score.ts";

/** The possible exports of a module; all of them are optional. */
export interface Extension {
  readonly experiments: readonly Experiment[];
  readonly scores: readonly Score[];
  /** Decisions that saved networks name. */
  readonly decisions: readonly Decision[];
  /** Kinds of networks that saved networks name. */
  readonly networkKinds: readonly NetworkKind[];
}

const NO_EXTENSION: Extension = { experiments: [], scores: [], decisions: [], networkKinds: [] };

/**
 * Loads a module by running it.
 *
 * @param path of a TypeScript or JavaScript file; without it the extension is empty
 * @throws {Error} if it cannot be loaded, or exports something of another form; names file and field
 */
export async function loadExtension(path: string | undefined): Promise<Extension> {
  if (path === undefined) return NO_EXTENSION;
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
  for (const name of Object.keys(FORMS) as (keyof Extension)[]) {
    if (!Array.isArray(extension[name])) throw new Error(`${path}: ${name} is not a list`);
    requireForms(`${path}: ${name}`, name, extension[name]);
  }
  return extension;
}

/** The required form of a value: a type, or an object with fields. */
type Form = "string" | "function" | "object" | { readonly [field: string]: Form };

const DECISION: Form = { name: "string", phrase: "string", decide: "function" };

const FORMS: Readonly<Record<keyof Extension, Form>> = {
  experiments: {
    name: "string",
    title: "string",
    loss: {
      name: "string",
      title: "string",
      activation: "string",
      naTarget: "string",
      targets: "function",
      value: "function",
    },
    trainingGroups: "object",
    decision: DECISION,
    network: { name: "string", build: "function" },
    profile: "object",
    start: "object",
  },
  scores: { name: "string", title: "string", appliesTo: "function" },
  decisions: DECISION,
  networkKinds: { kind: "string", define: "function" },
};

/**
 * Makes sure that values have the expected forms: modules and cells are not type-checked when they
 * run, and a missing field would fail late, after training.
 *
 * @throws {Error} that names the first field of another type
 */
export function requireForms(
  place: string,
  kind: keyof Extension,
  values: readonly unknown[],
): void {
  values.forEach((value, index) => requireForm(`${place}[${index}]`, value, FORMS[kind]));
}

function requireForm(place: string, value: unknown, form: Form): void {
  const wanted = typeof form === "string" ? form : "object";
  const found = value === null ? "null" : typeof value;
  if (found !== wanted) throw new Error(`${place} is ${found}, not ${wanted}`);
  if (typeof form === "string") return;
  for (const [field, inner] of Object.entries(form)) {
    requireForm(`${place}.${field}`, Reflect.get(value as object, field), inner);
  }
}
