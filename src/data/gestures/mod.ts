/**
 * The embedded data set: hand gestures, put together on this machine out of emoji.
 *
 * @module
 */
import type { EmbeddedDataset } from "../catalogue_entry.ts";
import { categoriesOf } from "../categories.ts";
import { GESTURE_GROUPS, GESTURES_RECIPE } from "./recipe.ts";

/**
 * The data set. Its pictures are made if they are not there, or were made by another recipe; that
 * takes seconds, and no network.
 */
export const GESTURES: EmbeddedDataset = {
  name: "gestures",
  title: "Gestures",
  groups: GESTURE_GROUPS,
  categoryNames: Object.fromEntries(
    categoriesOf(GESTURE_GROUPS).map((gesture) => [gesture, gesture.replaceAll("-", " ")]),
  ),
  build: async (folder, progress) => {
    const { buildGestures } = await import("./build.ts");
    await buildGestures(folder, GESTURES_RECIPE, progress?.("drawing gestures", "pictures"));
  },
};
