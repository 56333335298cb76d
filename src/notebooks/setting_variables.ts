/**
 * The environment variables that override the choices in a notebook's first cell.
 *
 * @module
 */
import { resolve } from "@std/path";
import { catalogueEntry } from "../data/catalogue.ts";

/** The names of the variables. */
export const SETTING_VARIABLES = {
  dataset: "UNKNOWN_DATASET",
  profile: "UNKNOWN_PROFILE",
  /** Seeds, separated by commas. */
  seeds: "UNKNOWN_SEEDS",
  /** The results folder, by default `results/<dataset>-<profile>` in this project. */
  results: "UNKNOWN_RESULTS",
} as const;

/** Overrides of a notebook's choices; missing ones keep its choice. */
export interface SettingOverrides {
  /** The name of a data set, or the path of a folder of pictures. */
  readonly dataset?: string | undefined;
  readonly profile?: string | undefined;
  readonly seeds?: readonly number[] | undefined;
  /** A results folder. */
  readonly results?: string | undefined;
}

/** The variables for a kernel that may have a different working directory than this program. */
export function settingEnvironment(overrides: SettingOverrides): Record<string, string> {
  const { dataset, profile, seeds, results } = overrides;
  const isFolder = dataset !== undefined && catalogueEntry(dataset) === undefined;
  const variables = {
    [SETTING_VARIABLES.dataset]: isFolder ? resolve(dataset) : dataset,
    [SETTING_VARIABLES.profile]: profile,
    [SETTING_VARIABLES.seeds]: seeds?.join(","),
    [SETTING_VARIABLES.results]: results === undefined ? undefined : resolve(results),
  };
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The distinct numbers in a comma-separated text; undefined if any is not a whole number. */
export function seedsIn(text: string): number[] | undefined {
  const seeds = text.split(",").map((part) => wholeNumber(part.trim()));
  return seeds.every((seed) => seed >= 0) ? [...new Set(seeds)] : undefined;
}

/**
 * The number written in decimal digits; NaN for any other text, or if it is too large to be exact.
 */
export function wholeNumber(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : NaN;
}
