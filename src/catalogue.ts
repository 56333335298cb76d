/**
 * The experiments and profiles with a name on the command line and in notebooks.
 *
 * @module
 */
import { ARTICLE_EXPERIMENTS } from "./article/experiments.ts";
import { ARTICLE_PROFILE, ARTICLE_RANDOM_PROFILE } from "./article/profile.ts";
import type { Experiment } from "./experiments.ts";
import { pretrain, type Profile, quick, smoke, transfer } from "./profiles.ts";

/** The experiments that `deno task reproduce` runs. */
export const EXPERIMENTS: readonly Experiment[] = ARTICLE_EXPERIMENTS;

/** The profiles, by effort. */
export const PROFILES: readonly Profile[] = [
  ARTICLE_PROFILE,
  ARTICLE_RANDOM_PROFILE,
  quick,
  smoke,
  pretrain,
  transfer,
];

/**
 * The item with that name.
 *
 * @param what the items' name in messages, for example `profile`
 * @throws {Error} if there is none (the message lists all names) or more than one.
 */
export function named<T extends { readonly name: string }>(
  what: string,
  all: readonly T[],
  name: string,
): T {
  const [found, other] = new Set(all.filter((one) => one.name === name));
  if (other !== undefined) {
    throw new Error(`two ${what}s are named "${name}"; give one of them another name`);
  }
  if (found !== undefined) return found;
  const names = all.map((one) => one.name).join(", ");
  throw new Error(`unknown ${what} "${name}"; there are ${names}`);
}
