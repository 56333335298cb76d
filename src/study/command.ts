/**
 * The command line of `deno task study`: from its options to units, and back.
 *
 * @module
 */
import { named, PROFILES } from "../catalogue.ts";
import type { Experiment } from "../experiments.ts";
import type { Extension } from "../extension.ts";
import { shellWord, TASK } from "../text/shell.ts";
import type { StudyDataset } from "./study.ts";
import { asTraining, type Training, TRAININGS } from "./trainings.ts";
import { planUnits, type Unit } from "./unit.ts";

/** The requested part of a study; lists that are not given select everything. */
export interface StudyChoice {
  readonly splits?: readonly string[] | undefined;
  readonly seeds: readonly number[];
  readonly trainings?: readonly string[] | undefined;
  /** Whether to run the splits with a held-out category instead of those without. */
  readonly heldOut: boolean;
  readonly profile: string;
}

/**
 * The requested units.
 *
 * @throws {Error} if a split, a training or a profile does not exist; lists the existing ones
 */
export function chosenUnits(
  { splits: splitNames, seeds, trainings: trainingNames, heldOut, profile }: StudyChoice,
  { splits, heldOutSplits }: StudyDataset,
  extension: Pick<Extension, "experiments">,
): Unit[] {
  const allSplits = [...splits, ...heldOutSplits];
  const allTrainings = trainingsWith(extension);
  const chosenSplits = splitNames?.map((name) => named("split", allSplits, name)) ??
    (heldOut ? heldOutSplits : splits);
  const chosenTrainings = trainingNames?.map((name) => named("training", allTrainings, name)) ??
    allTrainings;
  const own = extension.experiments.map((experiment) => experiment.profile);
  const chosenProfile = named("profile", [...PROFILES, ...own], profile);
  const profiled = (experiment: Experiment) => ({ ...experiment, profile: chosenProfile });
  return planUnits(
    chosenSplits,
    seeds,
    chosenTrainings.map(({ candidates: [first, ...others], ...training }) => ({
      ...training,
      candidates: [profiled(first), ...others.map(profiled)],
    })),
  );
}

/** The trainings of the study, and the user's own experiments. */
export function trainingsWith({ experiments }: Pick<Extension, "experiments">): Training[] {
  return [...TRAININGS, ...experiments.map(asTraining)];
}

/** Arguments shared by the commands of all units: `--out`, for example. */
export type SharedArguments = readonly (readonly [option: string, value: string | undefined])[];

/**
 * The command that runs a single unit, for `sh`, on this machine or another.
 *
 * @param shared options and their values; options without a value are left out
 */
export function unitCommand({ split, seed, training }: Unit, shared: SharedArguments): string {
  const given = shared.flatMap(([option, value]) => value === undefined ? [] : [option, value]);
  const own = ["--splits", split.name, "--seeds", String(seed), "--trainings", training.name];
  return [TASK, "study", ...[...own, ...given].map(shellWord), "--no-report"]
    .join(" ");
}
