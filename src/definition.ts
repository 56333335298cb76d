/**
 * What of a loss, a score, a decision or a network is code and not data. Pure.
 *
 * What this project brings along is known by its name and the project's version. Anything else is
 * known by the source of its functions and by its options; what its functions take from outside
 * otherwise cannot be read from them, so that it belongs in the options.
 *
 * @module
 */

const OF_PROJECT = new WeakSet<object>();

/** Marks the functions of a definition as this project's; copies of it share them. */
export function ofProject<T extends object>(definition: T): T {
  for (const value of Object.values(definition)) {
    if (typeof value === "function") OF_PROJECT.add(value);
  }
  return definition;
}

/**
 * The source of a definition's functions, by name; `undefined` if all of them are this project's.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { argmax } from "unknown/evaluation/decisions.ts";
 *
 * assert.equal(sourceOf({ ...argmax, name: "the same" }), undefined);
 * assert.equal(sourceOf({ name: "first", decide: () => 0 }), '{"decide":"() => 0"}');
 * ```
 */
export function sourceOf(definition: object): string | undefined {
  const sources = Object.entries(definition)
    .filter(([, value]) => typeof value === "function" && !OF_PROJECT.has(value))
    .map(([name, value]) => [name, String(value)] as const);
  return sources.length === 0 ? undefined : JSON.stringify(Object.fromEntries(sources));
}
