/**
 * Summaries over several runs. Pure.
 *
 * @module
 */
import { mean, sampleStandardDeviation } from "simple-statistics";

/** A number over several runs. */
export interface Summary {
  readonly mean: number;
  /** With n - 1 in the denominator; `null` for a single run, which has no spread. */
  readonly standardDeviation: number | null;
}

/**
 * Mean and standard deviation of a number over runs.
 *
 * @throws {RangeError} if there are no values or one is not finite.
 */
export function summarise(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError("there are no values to summarise");
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new RangeError(`${bad} among the values to summarise`);
  const list = [...values];
  return {
    mean: mean(list),
    standardDeviation: list.length > 1 ? sampleStandardDeviation(list) : null,
  };
}

/** The same structure with a {@linkcode Summary} in place of every number. */
export type Summaries<T> = T extends number ? Summary
  : T extends string | null ? T
  : { readonly [K in keyof T]: Summaries<T[K]> };

/**
 * Summarises every number of structures of the same form. Texts are taken from the first. A place
 * with `null` in some structures has the summary of the others; `null` if all have it.
 *
 * @example
 * ```ts
 * summariseAll([{ loss: 1, counts: [2, 4] }, { loss: 3, counts: [2, 6] }]).counts[1]!.mean; // 5
 * ```
 * @throws {RangeError} as {@linkcode summarise}
 */
export function summariseAll<T>(structures: readonly T[]): Summaries<T> {
  const present = structures.filter((structure) => structure !== null);
  const [first] = present;
  const summary = typeof first === "number"
    ? summarise(present as number[])
    : Array.isArray(first)
    ? first.map((_, index) => summariseAll(present.map((list) => (list as unknown[])[index])))
    : typeof first === "object" && first !== null
    ? Object.fromEntries(
      Object.keys(first).map((key) => [
        key,
        summariseAll(present.map((object) => (object as Record<string, unknown>)[key])),
      ]),
    )
    : first ?? null;
  return summary as Summaries<T>;
}
