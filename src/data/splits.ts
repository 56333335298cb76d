/**
 * Which pictures experiments train on, and which they are tested with. Pure.
 *
 * @module
 */
import {
  type CategoryGroups,
  type Group,
  GROUPS,
  isFolderName,
  type LabelledImage,
} from "./categories.ts";
import { NA } from "./labels.ts";
import { randomStream } from "../random.ts";

/**
 * Divides the pictures of one category into those to train on and those to test with. Which is
 * which depends on the names of category and picture alone: not on a training's seed, nor on other
 * categories, and a picture added later moves at most one other.
 *
 * @param testShare in (0, 1); of two or more pictures, at least one goes to either side
 * @returns the names to test with
 */
export function testNames(
  category: string,
  names: readonly string[],
  testShare = 0.2,
): Set<string> {
  const drawn = names.map((name) => ({ name, draw: randomStream("test", category, name)() }));
  drawn.sort((a, b) => a.draw - b.draw || (a.name < b.name ? -1 : 1));
  const count = Math.round(testShare * names.length);
  const kept = Math.min(Math.max(count, 1), names.length - 1);
  return new Set(drawn.slice(0, kept).map(({ name }) => name));
}

/**
 * Makes sure that groups can be trained with.
 *
 * @throws {Error} if no category is known, a category is in two places, or one is not the name of a
 * folder or named like the label {@linkcode NA}
 */
export function checkGroups(groups: CategoryGroups): void {
  if (groups.known.length === 0) throw new Error("no category is known; there is nothing to learn");
  const groupOf = new Map<string, Group>();
  for (const group of GROUPS) {
    for (const category of groups[group]) {
      const other = groupOf.get(category);
      if (other !== undefined) {
        throw new Error(`category "${category}" is listed twice: as ${other} and as ${group}`);
      }
      if (category === NA) {
        throw new Error(`category "${NA}" has the name of the label "none of these"; rename it`);
      }
      if (!isFolderName(category)) {
        throw new Error(
          `category "${category}" is not the name of a folder; categories are named as their folders ` +
            "are, without a path, and are not hidden",
        );
      }
      groupOf.set(category, group);
    }
  }
}

/** The pictures of some groups, in unchanged order. */
export function imagesOfGroups(
  images: readonly LabelledImage[],
  groups: readonly Group[],
): LabelledImage[] {
  return images.filter((image) => groups.includes(image.group));
}

/** How many pictures each category has, in order of first appearance. */
export function countByCategory(images: readonly LabelledImage[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { category } of images) counts.set(category, (counts.get(category) ?? 0) + 1);
  return counts;
}
