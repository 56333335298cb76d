/**
 * The code in a loss, a score, a decision or a network, which is not data. Pure.
 *
 * This project's own definitions are identified by name and by the project's version. Any other is
 * identified by the source of its functions and by its options. Values that its functions capture
 * from outside do not show in their source, so put them in the options.
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
