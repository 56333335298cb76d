/**
 * Opens the data set chosen on the command line.
 *
 * @module
 */
import { basename, resolve } from "@std/path";
import { z } from "zod";
import { readCheckedJson } from "../files/checked_json.ts";
import { exists, isFolder } from "../files/path_kind.ts";
import { CATALOGUE, catalogueEntry, DEFAULT_DATASET, SUBSTITUTE_DATASET } from "./catalogue.ts";
import {
  type ArchivedDataset,
  type CatalogueEntry,
  DATA_FOLDER,
  datasetFolder,
  type EmbeddedDataset,
  isArchived,
  usualFolder,
} from "./catalogue_entry.ts";
import {
  byGroup,
  categoriesOf,
  type CategoryGroups,
  type Group,
  GROUPS,
  isFolderName,
} from "./categories.ts";
import { categoryNamesSchema } from "./category_names.ts";
import { countByGroup, type Dataset } from "./dataset.ts";
import type { DownloadOptions } from "./download/download_archive.ts";
import { fetchDataset, type FetchOptions } from "./download/fetch_dataset.ts";
import { HostUnreachable } from "./download/errors.ts";
import { categoryFolders, quotedNames, readImageFolder } from "./image_folder.ts";
import type { ShowProgress } from "./progress.ts";

/** The choice of a data set. */
export interface DatasetChoice {
  /**
   * A name in {@linkcode CATALOGUE} or the path of a folder of pictures. By default {@linkcode
   * DEFAULT_DATASET} or, where that is not available, {@linkcode SUBSTITUTE_DATASET}.
   */
  readonly dataset?: string | undefined;
  /** The data set's folder, if it comes in an archive. */
  readonly data?: string | undefined;
  /**
   * The categories of a folder of pictures; if any are given, those of `dataset.json` are ignored.
   */
  readonly known?: readonly string[] | undefined;
  readonly unknown?: readonly string[] | undefined;
  readonly unseen?: readonly string[] | undefined;
}

/** Options of opening a data set, which may download or draw it. */
export interface OpeningOptions extends Omit<DownloadOptions, "patience"> {
  /** Receives the reason for using another data set than the default, before it is opened. */
  readonly onSubstitution?: (substitution: string) => void;
  /** The sources of the built-in data sets; tests have their own. */
  readonly sources?: DatasetSources;
}

/** The sources of the built-in data sets. */
export interface DatasetSources {
  /** The parent of their default folders, which need not exist. */
  readonly dataFolder: string;
  readonly fetch: (dataset: ArchivedDataset, options: FetchOptions) => Promise<string>;
  readonly embedded: (
    dataset: EmbeddedDataset,
    folder: string,
    progress?: ShowProgress,
  ) => Promise<Dataset>;
}

const SOURCES: DatasetSources = {
  dataFolder: DATA_FOLDER,
  fetch: fetchDataset,
  embedded: async (dataset, folder, progress) => {
    await dataset.build(folder, progress);
    return await readCatalogued(dataset, folder);
  },
};

/**
 * Opens the data set that was chosen. A data set that comes in an archive is downloaded if it is
 * missing; if its host cannot be reached and no data set was named, an embedded one is opened
 * instead.
 *
 * @throws {Error} if the data set is missing or incomplete, its folders do not fit its groups, or
 * the choice contradicts itself
 */
export async function openDataset(
  choice: DatasetChoice = {},
  options: OpeningOptions = {},
): Promise<Dataset> {
  const { dataset = DEFAULT_DATASET.name, data } = choice;
  const entry = catalogueEntry(dataset);
  const groups = groupsOf(choice);
  if (data !== undefined && (entry === undefined || !isArchived(entry))) {
    const names = CATALOGUE.filter(isArchived).map(({ name }) => name).join(" or ");
    throw new Error(
      `--data says where ${names} lies, but --dataset is ${dataset}; leave one out`,
    );
  }
  if (groups !== undefined && entry !== undefined) {
    throw new Error(
      `--known, --unknown and --unseen are for a folder of pictures, but the data set is ${dataset}, ` +
        "which has its own; leave them out or name a folder by --dataset",
    );
  }
  if (entry === undefined) return await openFolder(dataset, groups);
  return isArchived(entry)
    ? await openArchived(entry, choice, options)
    : await openEmbedded(entry, options);
}

async function openArchived(
  entry: ArchivedDataset,
  { dataset, data }: DatasetChoice,
  options: OpeningOptions,
): Promise<Dataset> {
  const { onSubstitution, sources = SOURCES, ...fetching } = options;
  const present = datasetFolder(entry, data, sources.dataFolder);
  if (present !== undefined) return await readCatalogued(entry, present);
  const folder = usualFolder(entry, sources.dataFolder);
  try {
    return await readCatalogued(entry, await sources.fetch(entry, { ...fetching, folder }));
  } catch (error) {
    if (!(error instanceof HostUnreachable)) throw error;
    const { name } = SUBSTITUTE_DATASET;
    if (dataset !== undefined) {
      throw new Error(`${error.message}, or take --dataset ${name}, which needs no network`, {
        cause: error,
      });
    }
    const substitution = `${entry.title} is not on this machine and ${error.reason}, so the ` +
      `embedded data set ${name} is used instead.`;
    onSubstitution?.(substitution);
    return { ...await openEmbedded(SUBSTITUTE_DATASET, options), substitution };
  }
}

async function openEmbedded(
  entry: EmbeddedDataset,
  { progress, sources = SOURCES }: OpeningOptions,
): Promise<Dataset> {
  return await sources.embedded(entry, usualFolder(entry, sources.dataFolder), progress);
}

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
  const dataset = { name, root, groups, categoryNames, splits, leftOut: [] };
  if (!isArchived(entry)) return dataset;
  const found = countByGroup(splits);
  for (const split of ["train", "test"] as const) {
    for (const group of GROUPS) {
      const expected = entry.counts[split][group];
      if (found[split][group] === expected) continue;
      throw new Error(
        `${entry.title} has ${expected} ${group} pictures for ${split}, but ` +
          `${found[split][group]} were found; unpack ${entry.archive.folder}.tgz again or, if it ` +
          `lies in data/, run \`deno task fetch ${name} --repair\``,
      );
    }
  }
  return dataset;
}

const groupSchema = z.array(z.string()).optional();

/** Schema of the `dataset.json` of a folder of pictures. */
const datasetFileSchema = z.strictObject({
  /** Names the results folder; by default the folder's own name. */
  name: z.string().optional(),
  /** The folder names of each group. */
  known: groupSchema,
  unknown: groupSchema,
  unseen: groupSchema,
  /** Readable names of folders, for tables and figures. */
  names: categoryNamesSchema.default({}),
  /** The part of each trained category used for testing, if the folder has no `train` and `val`. */
  testShare: z.number().gt(0).lt(1).optional(),
});

/** A folder of pictures, with groups from the command line or from its `dataset.json`. */
async function openFolder(root: string, asked: CategoryGroups | undefined): Promise<Dataset> {
  if (!isFolder(root)) {
    const names = CATALOGUE.map(({ name }) => name).join(", ");
    throw new Error(`--dataset ${root}: no such folder; name ${names} or a folder of pictures`);
  }
  const folders = await categoryFolders(root);
  const path = `${root}/dataset.json`;
  const file = exists(path)
    ? await readCheckedJson(path, datasetFileSchema, "correct or delete it")
    : { names: {} };
  const given = asked ?? groupsOf(file);
  if (given === undefined) {
    throw new Error(
      `${root}: nothing says which categories are known, unknown and unseen; give --known a,b ` +
        `--unknown c,d --unseen e,f or write them into ${path}; there are ` +
        (quotedNames(folders) || "no folders in it"),
    );
  }
  const { name = basename(resolve(root)), names, testShare } = file;
  const spelled = spelling(folders);
  const groups = byGroup((group) => given[group].map(spelled));
  const categoryNames = Object.fromEntries(
    Object.entries(names).map(([category, name]) => [spelled(category), name.trim()]),
  );
  const remedy = `give it another as "name" in ${path}`;
  if (!isFolderName(name)) {
    throw new Error(`${root}: its results cannot lie in a folder named "${name}"; ${remedy}`);
  }
  if (catalogueEntry(name) !== undefined) {
    throw new Error(`${root}: "${name}" is the name of another data set; ${remedy}`);
  }
  const categories = new Set(categoriesOf(groups));
  const stray = Object.keys(categoryNames).filter((category) => !categories.has(category));
  if (stray.length > 0) {
    throw new Error(
      `${path}: names ${quotedNames(stray)}, which no group has; correct or delete that`,
    );
  }
  const splits = await readImageFolder(root, groups, testShare);
  return { name, root, groups, categoryNames, splits, leftOut: [] };
}

/** The given groups, with omitted ones empty; undefined if none is given. */
function groupsOf(given: Pick<DatasetChoice, Group>): CategoryGroups | undefined {
  if (GROUPS.every((group) => given[group] === undefined)) return undefined;
  return byGroup((group) => given[group] ?? []);
}

/**
 * Spells categories like their folders. File systems and keyboards differ in whether they write `é`
 * as one character or as two.
 */
function spelling(folders: readonly string[]): (category: string) => string {
  const byForm = Map.groupBy(folders, (name) => name.normalize());
  return (category) => byForm.get(category.normalize())?.[0] ?? category;
}
