import { resolve } from "@std/path";
import { named, PROFILES } from "../catalogue.ts";
import { catalogueEntry, DEFAULT_DATASET, SUBSTITUTE_DATASET } from "../data/catalogue.ts";
import { datasetFolder, isArchived } from "../data/catalogue_entry.ts";
import type { Dataset } from "../data/dataset.ts";
import { type DatasetSources, openDataset, type OpeningOptions } from "../data/open_dataset.ts";
import { MEGABYTES } from "../data/progress.ts";
import { nameInProject, PROJECT } from "../files/in_project.ts";
import { type Profile, quick, totalEpochs } from "../profiles.ts";
import type { Score } from "../scores/score.ts";
import { count, listed } from "../text/wording.ts";
import { seedsIn, SETTING_VARIABLES } from "./setting_variables.ts";
import { bulletList, DISPLAY, type Displayable, liveOutput } from "./show.ts";
import { TrainingDisplay } from "./training_display.ts";

/** The choices in a notebook's first cell. */
export interface SettingChoice {
  /** The name of a built-in data set or the path of a folder of pictures with a `dataset.json`. */
  readonly dataset: string;
  /** The name of a profile, or a profile of the notebook's own. */
  readonly profile: string | Profile;
  /** Every experiment is run once with each. */
  readonly seeds: readonly number[];
  /** The notebook's own scores, measured in addition to those of every report. */
  readonly scores?: readonly Score[];
}

/** The setting a notebook works with; displays itself as a list. */
export interface Setting extends Displayable, Pick<SettingChoice, "seeds" | "scores"> {
  readonly dataset: Dataset;
  readonly profile: Profile;
  /** The results folder. */
  readonly out: string;
  /** The folder for decoded pictures; by default `data/cache`. */
  readonly cacheFolder?: string;
  /** Whether to train existing runs again; `{ ...setting, fresh: true }` sets it for one call. */
  readonly fresh?: boolean;
}

/**
 * Opens the setting chosen by a notebook, or by {@linkcode SETTING_VARIABLES} instead. Nothing is
 * downloaded. If {@linkcode DEFAULT_DATASET} is chosen but not on this machine,
 * {@linkcode SUBSTITUTE_DATASET} replaces it, with the profile `quick` instead of `article`, and
 * the setting says so.
 *
 * @throws {Error} if there is no such data set or profile, the data set is not on this machine, or
 * seeds are not whole numbers from 0.
 */
export async function openSetting(
  choice: SettingChoice,
  sources?: DatasetSources,
): Promise<Setting> {
  const wanted = variable("profile") ?? choice.profile;
  const asked = typeof wanted === "string" ? named("profile", PROFILES, wanted) : wanted;
  const seeds = openSeeds(choice.seeds);
  const dataset = await openOrSubstitute(variable("dataset") ?? choice.dataset, sources);
  // Substituted pictures are not worth the training time of the requested ones.
  const isTooLong = dataset.substitution !== undefined && totalEpochs(asked) > totalEpochs(quick);
  const profile = variable("profile") === undefined && isTooLong ? quick : asked;
  const results = variable("results") ?? `results/${dataset.name}-${profile.name}`;
  const { scores = [] } = choice;
  const setting = { dataset, profile, seeds, scores, out: resolve(PROJECT, results) };
  return { ...setting, [DISPLAY]: bulletList(facts(setting, asked))[DISPLAY] };
}

/**
 * Opens the data set or its substitute, whose pictures are drawn at first use, in a few seconds.
 */
async function openOrSubstitute(name: string, sources?: DatasetSources): Promise<Dataset> {
  const display = new TrainingDisplay(liveOutput());
  const options: OpeningOptions = {
    progress: (task, unit) => display.progress(task, unit),
    ...(sources === undefined ? {} : { sources }),
  };
  try {
    const entry = catalogueEntry(name);
    const isMissing = entry !== undefined && isArchived(entry) &&
      datasetFolder(entry, undefined, sources?.dataFolder) === undefined;
    if (!isMissing) return await openDataset({ dataset: name }, options);
    const { title, archive } = entry;
    const megabytes = Math.round(archive.bytes / MEGABYTES.size);
    const absence = `${title} is not on this machine`;
    const remedy = `to download ${title} (${megabytes} MB), run \`deno task fetch ${name}\``;
    if (entry !== DEFAULT_DATASET) throw new Error(`${absence}; ${remedy}`);
    const substitute = SUBSTITUTE_DATASET.name;
    return {
      ...await openDataset({ dataset: substitute }, options),
      substitution:
        `${absence}, so the embedded data set ${substitute} is used instead; ${remedy}.`,
    };
  } finally {
    await display.end();
  }
}

function facts({ dataset, profile, seeds, out }: Omit<Setting, typeof DISPLAY>, asked: Profile) {
  const { name, splits, substitution } = dataset;
  return [
    ...(substitution === undefined ? [] : [substitution]),
    ...(profile === asked ? [] : [
      `The profile ${profile.name} takes the place of ${asked.name}, which takes far longer.`,
    ]),
    `Data set: ${name}, ${count(splits.train.length)} training and ` +
    `${count(splits.test.length)} test pictures`,
    `Profile: ${profile.name}, ${profile.size} x ${profile.size} pixels, ` +
    `${totalEpochs(profile)} epochs`,
    `Seeds: ${listed(seeds.map(String))}`,
    `Results: ${nameInProject(out)}`,
  ];
}

function variable(name: keyof typeof SETTING_VARIABLES): string | undefined {
  return Deno.env.get(SETTING_VARIABLES[name]) || undefined;
}

function openSeeds(asked: readonly number[]): number[] {
  const text = variable("seeds");
  const seeds = seedsIn(text ?? asked.join());
  if (seeds !== undefined) return seeds;
  const source = text === undefined ? `seeds: [${asked}]` : `${SETTING_VARIABLES.seeds}=${text}`;
  throw new Error(`${source}: seeds are whole numbers from 0, such as 1, 2, 3`);
}
