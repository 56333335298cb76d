/**
 * A built-in data set as it lies on the disk.
 *
 * @module
 */
import { type ArchivedDataset, type CatalogueEntry, isArchived } from "./catalogue_entry.ts";
import { type DatasetSplits, GROUPS } from "./categories.ts";
import { countByGroup, type Dataset } from "./dataset.ts";
import { readImageFolder } from "./image_folder.ts";

/**
 * Finds the pictures of a built-in data set.
 *
 * @param root the folder that holds them
 * @throws {Error} if the folders do not fit the groups, or the data set comes in an archive and is
 * not complete
 */
export async function readCatalogued(entry: CatalogueEntry, root: string): Promise<Dataset> {
  const { name, groups, categoryNames } = entry;
  const splits = await readImageFolder(root, groups);
  if (isArchived(entry)) checkCounts(entry, splits);
  return { name, root, groups, categoryNames, splits, leftOut: [] };
}

/**
 * Makes sure that a data set from an archive is complete.
 *
 * @throws {Error} if a group has another number of pictures than the catalogue says
 */
export function checkCounts(
  { name, title, counts, archive }: ArchivedDataset,
  splits: DatasetSplits,
): void {
  const found = countByGroup(splits);
  for (const split of ["train", "test"] as const) {
    for (const group of GROUPS) {
      const expected = counts[split][group];
      if (found[split][group] !== expected) {
        throw new Error(
          `${title} has ${expected} ${group} pictures for ${split}, but ${found[split][group]} ` +
            `were found; unpack ${archive.folder}.tgz again or, if it lies in data/, run ` +
            `\`deno task fetch ${name} --repair\``,
        );
      }
    }
  }
}
