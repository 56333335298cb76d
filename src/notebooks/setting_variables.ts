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
  const values = {
    dataset: isFolder ? resolve(dataset) : dataset,
    profile,
    seeds: seeds?.join(","),
    results: results === undefined ? undefined : resolve(results),
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[SETTING_VARIABLES[name as keyof typeof values], value]]
    ),
  );
}
