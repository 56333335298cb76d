/**
 * Where the built-in data sets lie on this machine.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { isFolder } from "../files/path_kind.ts";
import { type ArchivedDataset, type CatalogueEntry, isArchived } from "./catalogue_entry.ts";

/** Absolute path of `data/` in this project, the folder for data that is not committed. */
export const DATA_FOLDER: string = fromFileUrl(new URL("../../data", import.meta.url));

const NAME_ANOTHER = "name the folder that holds train and val, or none to use the one in data/";

/** Where a data set lies, or will, if nothing else is said, such as `data/imagenette2-160`. */
export function usualFolder(entry: CatalogueEntry, dataFolder: string = DATA_FOLDER): string {
  return `${dataFolder}/${isArchived(entry) ? entry.archive.folder : entry.name}`;
}

/**
 * The folder of a data set that comes in an archive: the one asked for, else what the environment
 * variable of the data set says, else the usual one; undefined if no folder was named and the usual
 * one is not there.
 *
 * @param asked by name, as with `--data DIR`
 * @param dataFolder holds the usual folder; by default `data` in this project
 * @throws {Error} if the folder has no `train` and `val` folders. A place that was named is never
 * passed over for the next.
 */
export function datasetFolder(
  dataset: ArchivedDataset,
  asked?: string,
  dataFolder: string = DATA_FOLDER,
): string | undefined {
  const { name, title, variable } = dataset;
  if (asked !== undefined) return checked(asked, title, `--data ${asked}`, NAME_ANOTHER);
  const named = Deno.env.get(variable);
  if (named) return checked(named, title, `${variable}=${named}`, NAME_ANOTHER);
  const usual = usualFolder(dataset, dataFolder);
  if (!isFolder(usual)) return undefined;
  return checked(usual, title, usual, `run \`deno task fetch ${name} --repair\``);
}

function checked(folder: string, title: string, named: string, remedy: string): string {
  for (const split of ["train", "val"]) {
    if (!isFolder(`${folder}/${split}`)) {
      throw new Error(
        `${named}: no ${title} there (${folder}/${split} is not a folder); ${remedy}`,
      );
    }
  }
  return folder;
}
