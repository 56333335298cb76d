/**
 * Imagenette v2 (160 px) as the article split it: ten ImageNet categories in three groups. Pure
 * data.
 *
 * Source: https://github.com/fastai/imagenette
 *
 * @module
 */
import { type CategoryGroups, type DatasetSplits, type Group, GROUPS } from "./categories.ts";

/** The folder the archive unpacks into. */
export const IMAGENETTE_FOLDER = "imagenette2-160";

/** The article's groups; categories are WordNet synsets, the names of Imagenette's folders. */
export const IMAGENETTE_GROUPS: CategoryGroups = {
  known: ["n02979186", "n03394916", "n03417042", "n03445777"],
  unknown: ["n01440764", "n03028079", "n03888257"],
  unseen: ["n02102040", "n03000684", "n03425413"],
};

/** What the synsets show. */
export const IMAGENETTE_NAMES: Readonly<Record<string, string>> = {
  n01440764: "tench",
  n02102040: "English springer",
  n02979186: "cassette player",
  n03000684: "chain saw",
  n03028079: "church",
  n03394916: "French horn",
  n03417042: "garbage truck",
  n03425413: "gas pump",
  n03445777: "golf ball",
  n03888257: "parachute",
};

/** How many pictures of each group the complete data set trains on and tests with. */
export const IMAGENETTE_COUNTS: Readonly<Record<keyof DatasetSplits, Record<Group, number>>> = {
  train: { known: 3861, unknown: 2864, unseen: 0 },
  test: { known: 1539, unknown: 1186, unseen: 1200 },
};

/**
 * Makes sure that the data set is complete.
 *
 * @throws {Error} if a group has another number of pictures than {@linkcode IMAGENETTE_COUNTS} says
 */
export function checkImagenette(splits: DatasetSplits): void {
  for (const split of ["train", "test"] as const) {
    for (const group of GROUPS) {
      const count = splits[split].filter((image) => image.group === group).length;
      const expected = IMAGENETTE_COUNTS[split][group];
      if (count !== expected) {
        throw new Error(
          `Imagenette has ${expected} ${group} pictures for ${split}, but ${count} were found; ` +
            `unpack ${IMAGENETTE_FOLDER}.tgz again or, if it lies in data/, run ` +
            "`deno task fetch --repair`",
        );
      }
    }
  }
}
