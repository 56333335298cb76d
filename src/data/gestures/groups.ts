/**
 * The gestures and their groups. Pure data.
 *
 * The article's first experiments were with hand gestures, a few to act upon among all that hands
 * do; Imagenette came later. As in its split of Imagenette, four are known, three unknown and three
 * unseen.
 *
 * @module
 */
import type { CategoryGroups } from "../categories.ts";

/** The groups; a gesture's name is that of its emoji in Unicode, with hyphens. */
export const GESTURE_GROUPS: CategoryGroups = {
  known: ["ok-hand", "raised-fist", "raised-hand", "thumbs-up"],
  unknown: ["call-me-hand", "index-pointing-up", "victory-hand"],
  unseen: ["crossed-fingers", "thumbs-down", "vulcan-salute"],
};

/** All gestures, in the order of the groups. */
export const GESTURE_CATEGORIES: readonly string[] = [
  ...GESTURE_GROUPS.known,
  ...GESTURE_GROUPS.unknown,
  ...GESTURE_GROUPS.unseen,
];

/** Readable names. */
export const GESTURE_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  GESTURE_CATEGORIES.map((gesture) => [gesture, gesture.replaceAll("-", " ")]),
);
