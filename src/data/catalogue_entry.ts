/**
 * Entries of the catalogue of built-in data sets, and their folders on this machine.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { isFolder } from "../files/path_kind.ts";
import type { CategoryGroups, DatasetSplits, Group } from "./categories.ts";
import type { ShowProgress } from "./progress.ts";

/** A data set with a name, either downloaded or made on this machine. */
export type CatalogueEntry = ArchivedDataset | EmbeddedDataset;

interface NamedDataset {
  /** Its name on the command line and in the name of its results folder. */
  readonly name: string;
  /** Its name in sentences. */
  readonly title: string;
  readonly groups: CategoryGroups;
  /** Readable names of categories whose folders have other names. */
  readonly categoryNames: Readonly<Record<string, string>>;
}

/** A data set that comes in an archive from the network. */
export interface ArchivedDataset extends NamedDataset {
  readonly archive: ArchiveSource;
  /** Numbers of training and test pictures of each group in the complete data set. */
  readonly counts: Readonly<Record<keyof DatasetSplits, Readonly<Record<Group, number>>>>;
  /** The environment variable that names its folder; `deno.json` must allow a task to read it. */
  readonly variable: string;
}

/** A gzipped tar archive of a data set, and what its folder must hold afterwards. */
export interface ArchiveSource {
  readonly url: string;
  /** Size of the archive. */
  readonly bytes: number;
  /** MD5 of the archive, in hexadecimal. */
  readonly md5: string;
  /** The folder in the archive that holds `train` and `val`. */
  readonly folder: string;
  /** Numbers of `.JPEG` files below `train` and `val`. */
  readonly pictures: { readonly train: number; readonly val: number };
  /**
   * The output of `find train val -name '*.JPEG' | LC_ALL=C sort | xargs sha256sum | sha256sum`.
   */
  readonly contentDigest: string;
  /**
   * The most entries and bytes (tar headers included) it unpacks to; an archive with more is
   * refused.
   */
  readonly limits: { readonly entries: number; readonly bytes: number };
}

/** A data set that needs no network. */
export interface EmbeddedDataset extends NamedDataset {
  /**
   * Makes sure that its pictures are in a folder, and creates the folder if it is missing. The call
   * loads the modules it needs: they may be native code, which not every task may load.
   */
  readonly build: (folder: string, progress?: ShowProgress) => Promise<void>;
}

/** Whether a data set comes in an archive. */
export function isArchived(dataset: CatalogueEntry): dataset is ArchivedDataset {
  return "archive" in dataset;
}

/** Absolute path of `data/` in this project, the folder for data that is not committed. */
export const DATA_FOLDER: string = fromFileUrl(new URL("../../data", import.meta.url));

/** The default folder of a data set, such as `data/imagenette2-160`. */
export function usualFolder(entry: CatalogueEntry, dataFolder: string = DATA_FOLDER): string {
  return `${dataFolder}/${isArchived(entry) ? entry.archive.folder : entry.name}`;
}

/**
 * The folder of a data set that comes in an archive: the requested one (`--data DIR`), else the one
 * in its environment variable, else the default one; undefined if none was named and the default
 * one does not exist.
 *
 * @throws {Error} if the folder has no `train` and `val` folders. A named folder is never skipped
 * in favour of the next.
 */
export function datasetFolder(
  dataset: ArchivedDataset,
  asked?: string,
  dataFolder: string = DATA_FOLDER,
): string | undefined {
  const { name, title, variable } = dataset;
  const checked = (folder: string, named: string, remedy: string): string => {
    const missing = ["train", "val"].find((split) => !isFolder(`${folder}/${split}`));
    if (missing === undefined) return folder;
    throw new Error(
      `${named}: no ${title} there (${folder}/${missing} is not a folder); ${remedy}`,
    );
  };
  const another = "name the folder that holds train and val, or none to use the one in data/";
  if (asked !== undefined) return checked(asked, `--data ${asked}`, another);
  const named = Deno.env.get(variable);
  if (named) return checked(named, `${variable}=${named}`, another);
  const usual = usualFolder(dataset, dataFolder);
  return isFolder(usual)
    ? checked(usual, usual, `run \`deno task fetch ${name} --repair\``)
    : undefined;
}
