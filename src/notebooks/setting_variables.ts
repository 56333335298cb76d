/**
 * The environment variables that overrule what a notebook asks for in its first cell.
 *
 * @module
 */
import { resolve } from "@std/path";
import { catalogueEntry } from "../data/catalogue.ts";

/** Their names. */
export const SETTING_VARIABLES = {
  dataset: "UNKNOWN_DATASET",
  profile: "UNKNOWN_PROFILE",
  /** Separated by commas. */
  seeds: "UNKNOWN_SEEDS",
  /** The results folder, by default `results/<dataset>-<profile>` in this project. */
  results: "UNKNOWN_RESULTS",
} as const;

/** What overrules a notebook; what is missing is left to it. */
export interface SettingOverrides {
  /** The name of a data set, or the path of a folder of pictures. */
  readonly dataset?: string | undefined;
  readonly profile?: string | undefined;
  readonly seeds?: readonly number[] | undefined;
  /** A results folder. */
  readonly results?: string | undefined;
}

/** The variables for a kernel that may have another working directory than this program. */
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

/** The numbers that a text lists with commas, each once; undefined if one is no whole number. */
export function seedsIn(text: string): number[] | undefined {
  const seeds = text.split(",").map((part) => wholeNumber(part.trim()));
  return seeds.every((seed) => seed >= 0) ? [...new Set(seeds)] : undefined;
}

/** A number of decimal digits alone; otherwise, or if it is too large to be exact, NaN. */
export function wholeNumber(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : NaN;
}
