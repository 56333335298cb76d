/**
 * A data set with everything an experiment needs to know of it.
 *
 * @module
 */
import type { CategoryGroups, DatasetSplits, Group } from "./categories.ts";
import { readImageFolder } from "./image_folder.ts";
import { checkImagenette, IMAGENETTE_GROUPS, IMAGENETTE_NAMES } from "./imagenette.ts";
import { imagenetteFolder } from "./imagenette_location.ts";
import { imagesOfGroups } from "./splits.ts";

/** A data set on this machine. */
export interface Dataset {
  /** Names its results folder. */
  readonly name: string;
  /** The folder that the pictures' paths are relative to. */
  readonly root: string;
  readonly groups: CategoryGroups;
  /** Readable names of categories whose folders are named otherwise. */
  readonly categoryNames: Readonly<Record<string, string>>;
  readonly splits: DatasetSplits;
}

/**
 * Finds Imagenette and makes sure that it is complete.
 *
 * @param folder where it was said to be, if anywhere
 * @throws {Error} if it is not there or not complete
 */
export async function openImagenette(folder?: string): Promise<Dataset> {
  const root = imagenetteFolder(folder);
  const splits = await readImageFolder(root, IMAGENETTE_GROUPS);
  checkImagenette(splits);
  return {
    name: "imagenette",
    root,
    groups: IMAGENETTE_GROUPS,
    categoryNames: IMAGENETTE_NAMES,
    splits,
  };
}

/** Numbers of pictures by split and group. */
export function countByGroup(
  { train, test }: DatasetSplits,
): Record<keyof DatasetSplits, Record<Group, number>> {
  const count = (images: DatasetSplits["train"]) => ({
    known: imagesOfGroups(images, ["known"]).length,
    unknown: imagesOfGroups(images, ["unknown"]).length,
    unseen: imagesOfGroups(images, ["unseen"]).length,
  });
  return { train: count(train), test: count(test) };
}
