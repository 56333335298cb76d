/**
 * Units: what the study is made of, each trained and tested on its own.
 *
 * @module
 */
import { join } from "@std/path";
import { trainsUnknown } from "../experiments.ts";
import { isFolder } from "../files/path_kind.ts";
import type { StudySplit } from "./splits.ts";
import type { Training } from "./trainings.ts";

/** One training with one seed on one split. */
export interface Unit {
  readonly split: StudySplit;
  readonly seed: number;
  readonly training: Training;
}

/** The folder of all units inside a study's folder. */
export const UNITS_FOLDER = "units";

/** Whether a folder is that of a study. */
export function isStudy(folder: string): boolean {
  return isFolder(join(folder, UNITS_FOLDER));
}

/**
 * All units: those of the first seed first, so that what is done early covers all splits. Trainings
 * without unknown pictures are left out where a category is held out: their thresholds are chosen on
 * known pictures alone, so that it changes nothing.
 */
export function planUnits(
  splits: readonly StudySplit[],
  seeds: readonly number[],
  trainings: readonly Training[],
): Unit[] {
  return seeds.flatMap((seed) =>
    splits.flatMap((split) =>
      trainings
        .filter(({ candidates: [first] }) => split.heldOut === undefined || trainsUnknown(first))
        .map((training) => ({ split, seed, training }))
    )
  );
}

/** For messages, for example `own, seed 1, bcena`. */
export function unitTitle({ split, seed, training }: Unit): string {
  return `${split.name}, seed ${seed}, ${training.name}`;
}

/** Where a unit's files are in a study's folder. */
export function unitFolder(out: string, { split, seed, training }: Unit): string {
  return join(out, UNITS_FOLDER, split.name, `seed-${seed}`, training.name);
}
