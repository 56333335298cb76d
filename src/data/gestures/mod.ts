/**
 * The embedded data set: hand gestures, put together on this machine out of emoji.
 *
 * @module
 */
import { DATA_FOLDER } from "../data_folder.ts";
import type { Dataset } from "../dataset.ts";
import { readImageFolder } from "../image_folder.ts";
import type { Progress } from "../progress.ts";
import { buildGestures } from "./build.ts";
import { GESTURE_GROUPS, GESTURE_NAMES } from "./groups.ts";
import { GESTURES_RECIPE, type Recipe } from "./recipe.ts";

/** How to open the data set. */
export interface GesturesOptions {
  /** Where it is, or is to be; by default `data/gestures` in this project. */
  readonly folder?: string;
  /** Is told about the making of pictures, if there are any to make. */
  readonly progress?: Progress;
  /** By default {@linkcode GESTURES_RECIPE}; tests make do with less. */
  readonly recipe?: Recipe;
}

/**
 * Opens the data set. Its pictures are made first if they are not there, or were made by another
 * recipe; that takes seconds, and no network.
 *
 * @throws {Error} if the folder holds something else, or cannot be written
 */
export async function openGestures(options: GesturesOptions = {}): Promise<Dataset> {
  const { folder = `${DATA_FOLDER}/gestures`, progress, recipe = GESTURES_RECIPE } = options;
  await buildGestures(folder, recipe, progress);
  return {
    name: "gestures",
    root: folder,
    groups: GESTURE_GROUPS,
    categoryNames: GESTURE_NAMES,
    splits: await readImageFolder(folder, GESTURE_GROUPS),
    leftOut: [],
  };
}
