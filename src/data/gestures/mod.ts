/**
 * The embedded data set: hand gestures, put together on this machine out of emoji.
 *
 * @module
 */
import type { EmbeddedDataset } from "../catalogue_entry.ts";
import { GESTURE_GROUPS, GESTURE_NAMES } from "./groups.ts";
import { GESTURES_RECIPE } from "./recipe.ts";

/**
 * The data set. Its pictures are made if they are not there, or were made by another recipe; that
 * takes seconds, and no network.
 */
export const GESTURES: EmbeddedDataset = {
  name: "gestures",
  title: "Gestures",
  groups: GESTURE_GROUPS,
  categoryNames: GESTURE_NAMES,
  build: async (folder, progress) => {
    const { buildGestures } = await import("./build.ts");
    await buildGestures(folder, GESTURES_RECIPE, progress?.("drawing gestures", "pictures"));
  },
};
