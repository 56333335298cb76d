/**
 * From the files of a data set to the pictures experiments train on and are tested with, and their
 * labels. Pure.
 *
 * @module
 */
import {
  type CategoryGroups,
  type DatasetSplits,
  type Group,
  GROUPS,
  isFolderName,
  type LabelledImage,
} from "./categories.ts";
import { NA } from "./labels.ts";
import { randomStream } from "../random.ts";

/** A picture as it lies in the data set's folder. */
export interface ImageFile {
  /** Path relative to the data set's folder, with `/` between folders. */
  readonly path: string;
  readonly category: string;
  readonly split: "train" | "val";
}

/**
 * Sorts files into splits and groups. Unseen pictures of the `train` folder are left out: they are
 * never trained.
 *
 * @throws {Error} if the groups are not valid (see {@linkcode checkGroups}), a file's category is in
 * no group, or a path occurs twice
 */
export function splitImages(files: readonly ImageFile[], groups: CategoryGroups): DatasetSplits {
  checkGroups(groups);
  const groupOf = new Map<string, Group>();
  for (const group of GROUPS) {
    for (const category of groups[group]) groupOf.set(category, group);
  }
  const train: LabelledImage[] = [];
  const test: LabelledImage[] = [];
  const paths = new Set<string>();
  for (const { path, category, split } of files) {
    const group = groupOf.get(category);
    if (group === undefined) {
      throw new Error(
        `${path}: category "${category}" is in no group; add it to one of ${GROUPS.join(", ")}`,
      );
    }
    if (paths.has(path)) throw new Error(`${path} is listed twice`);
    paths.add(path);
    if (split === "val") test.push({ path, category, group });
    else if (group !== "unseen") train.push({ path, category, group });
  }
  return { train: train.sort(byPath), test: test.sort(byPath) };
}

/** The share of a category's pictures that is kept for testing where the folder does not say. */
export const TEST_SHARE = 0.2;

/**
 * Divides the pictures of one category into those to train on and those to test with. Which is
 * which depends on the names of category and picture alone: not on a training's seed, nor on other
 * categories, and a picture added later moves at most one other.
 *
 * @param names of the category's files
 * @param testShare in (0, 1); of two or more pictures, at least one goes to either side
 * @returns the names to test with
 */
export function testNames(
  category: string,
  names: readonly string[],
  testShare: number = TEST_SHARE,
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

function byPath(a: LabelledImage, b: LabelledImage): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
