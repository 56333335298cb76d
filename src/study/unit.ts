/**
 * Units: the parts of the study, each trained and tested independently.
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

/** Whether a folder is the folder of a study. */
export function isStudy(folder: string): boolean {
  return isFolder(join(folder, UNITS_FOLDER));
}

/**
 * All units, beginning with those of the first seed, so that early results cover all splits. On
 * splits with a held-out category, trainings without unknown pictures are left out: their
 * thresholds are chosen on known pictures only, so a held-out category changes nothing.
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

/** A unit's title in messages, for example `own, seed 1, bcena`. */
export function unitTitle({ split, seed, training }: Unit): string {
  return `${split.name}, seed ${seed}, ${training.name}`;
}

/** A unit's folder inside a study's folder. */
export function unitFolder(out: string, { split, seed, training }: Unit): string {
  return join(out, UNITS_FOLDER, split.name, `seed-${seed}`, training.name);
}
