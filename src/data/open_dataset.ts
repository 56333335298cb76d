/**
 * From what was asked for on the command line to a data set.
 *
 * @module
 */
import { basename, resolve } from "@std/path";
import { isFolder } from "../files/path_kind.ts";
import { type CategoryGroups, type Group, GROUPS, isFolderName } from "./categories.ts";
import type { Dataset } from "./dataset.ts";
import { DATASET_FILE, readDatasetFile } from "./dataset_file.ts";
import { fetchImagenette, type FetchOptions } from "./download/fetch_imagenette.ts";
import { HostUnreachable } from "./download/host_unreachable.ts";
import { categoryFolders, listed, readImageFolder } from "./image_folder.ts";
import { checkImagenette, IMAGENETTE_GROUPS, IMAGENETTE_NAMES } from "./imagenette.ts";
import { IMAGENETTE_PLACE, imagenetteFolder } from "./imagenette_location.ts";
import type { Progress, ShowProgress } from "./progress.ts";

/** The data sets that have a name; any other is a folder. */
export const NAMED_DATASETS = ["imagenette", "gestures"] as const;

/** Which data set is wanted. */
export interface DatasetChoice {
  /**
   * One of {@linkcode NAMED_DATASETS} or the path of a folder of pictures. By default Imagenette or,
   * where that is not to be had, the embedded gestures.
   */
  readonly dataset?: string | undefined;
  /** Where Imagenette lies. */
  readonly data?: string | undefined;
  /** The categories of a folder of pictures; if any is given, `dataset.json`'s do not count. */
  readonly known?: readonly string[] | undefined;
  readonly unknown?: readonly string[] | undefined;
  readonly unseen?: readonly string[] | undefined;
}

/** How the choice becomes a data set on this machine. */
export interface OpeningOptions {
  /** Told why another data set than the usual one is used, before that is opened. */
  readonly onSubstitution?: (substitution: string) => void;
  /** Told what happens in a download. */
  readonly log?: (line: string) => void;
  /** Shows how far a download is, or the drawing of the embedded data set. */
  readonly progress?: ShowProgress;
  /** Stops a download. */
  readonly signal?: AbortSignal;
  /** Where the named data sets come from; tests have their own. */
  readonly sources?: DatasetSources;
}

/** Where the named data sets come from. */
export interface DatasetSources {
  /** Imagenette's folder if nothing else is said; it need not be there. */
  readonly imagenettePlace: string;
  readonly fetchImagenette: (options: FetchOptions) => Promise<string>;
  readonly openGestures: (options: { readonly progress?: Progress }) => Promise<Dataset>;
}

const SOURCES: DatasetSources = {
  imagenettePlace: IMAGENETTE_PLACE,
  fetchImagenette,
  // Loaded where it is needed: it draws with native code, which not every task may load.
  openGestures: async (options) => (await import("./gestures/mod.ts")).openGestures(options),
};

/**
 * Opens the data set that was chosen. Imagenette is downloaded if it is not there; if its host
 * cannot be reached and no data set was asked for by name, the embedded one is opened instead.
 *
 * @throws {Error} if the data set is not there or not complete, its folders do not fit its groups,
 * or what is asked for contradicts itself
 */
export async function openDataset(
  choice: DatasetChoice = {},
  options: OpeningOptions = {},
): Promise<Dataset> {
  const { dataset = "imagenette", data } = choice;
  const groups = groupsOf(choice);
  if (data !== undefined && dataset !== "imagenette") {
    throw new Error(
      `--data says where Imagenette lies, but --dataset is ${dataset}; leave one out`,
    );
  }
  if (groups !== undefined && isNamed(dataset)) {
    throw new Error(
      `--known, --unknown and --unseen are for a folder of pictures, but the data set is ${dataset}, ` +
        "which has its own; leave them out or name a folder by --dataset",
    );
  }
  if (dataset === "imagenette") return await openImagenette(choice, options);
  if (dataset === "gestures") return await openEmbedded(options);
  return await openFolder(dataset, groups);
}

async function openImagenette(
  { dataset, data }: DatasetChoice,
  options: OpeningOptions,
): Promise<Dataset> {
  const { onSubstitution, sources = SOURCES, ...fetching } = options;
  const { imagenettePlace, fetchImagenette } = sources;
  const present = imagenetteFolder(data, imagenettePlace);
  if (present !== undefined) return await readImagenette(present);
  try {
    return await readImagenette(await fetchImagenette({ ...fetching, folder: imagenettePlace }));
  } catch (error) {
    if (!(error instanceof HostUnreachable)) throw error;
    if (dataset !== undefined) {
      throw new Error(`${error.message}, or take --dataset gestures, which needs no network`, {
        cause: error,
      });
    }
    const substitution = `Imagenette is not on this machine and ${error.reason}, so the embedded ` +
      "data set gestures is used instead.";
    onSubstitution?.(substitution);
    return { ...await openEmbedded(options), substitution };
  }
}

async function openEmbedded({ progress, sources = SOURCES }: OpeningOptions): Promise<Dataset> {
  return await sources.openGestures(
    progress === undefined ? {} : { progress: progress("drawing gestures", "pictures") },
  );
}

async function readImagenette(root: string): Promise<Dataset> {
  const splits = await readImageFolder(root, IMAGENETTE_GROUPS);
  checkImagenette(splits);
  return {
    name: "imagenette",
    root,
    groups: IMAGENETTE_GROUPS,
    categoryNames: IMAGENETTE_NAMES,
    splits,
    leftOut: [],
  };
}

/** A folder of pictures, with groups from the command line or from its `dataset.json`. */
async function openFolder(root: string, asked: CategoryGroups | undefined): Promise<Dataset> {
  if (!isFolder(root)) {
    const names = NAMED_DATASETS.join(", ");
    throw new Error(`--dataset ${root}: no such folder; name ${names} or a folder of pictures`);
  }
  const folders = await categoryFolders(root);
  const file = await readDatasetFile(root) ?? {};
  const given = asked ?? groupsOf(file);
  if (given === undefined) {
    throw new Error(
      `${root}: nothing says which categories are known, unknown and unseen; give --known a,b ` +
        `--unknown c,d --unseen e,f or write them into ${root}/${DATASET_FILE}; there are ` +
        (listed(folders) || "no folders in it"),
    );
  }
  const groups = withGroups((group) => given[group].map((name) => spelledAs(folders, name)));
  const categoryNames = Object.fromEntries(
    Object.entries(file.names ?? {}).map((
      [category, name],
    ) => [spelledAs(folders, category), name]),
  );
  const name = file.name ?? basename(resolve(root));
  checkName(root, name);
  checkNames(root, groups, categoryNames);
  return {
    name,
    root,
    groups,
    categoryNames,
    splits: await readImageFolder(root, groups, file.testShare),
    leftOut: [],
  };
}

/** The groups that are given, with those left out empty; undefined if none is given. */
function groupsOf(given: Pick<DatasetChoice, Group>): CategoryGroups | undefined {
  if (GROUPS.every((group) => given[group] === undefined)) return undefined;
  return withGroups((group) => given[group] ?? []);
}

function withGroups(categoriesOf: (group: Group) => readonly string[]): CategoryGroups {
  return {
    known: categoriesOf("known"),
    unknown: categoriesOf("unknown"),
    unseen: categoriesOf("unseen"),
  };
}

/**
 * A category as its folder is called. File systems and keyboards differ in whether they write `é`
 * as one character or as two.
 */
function spelledAs(folders: readonly string[], category: string): string {
  return folders.find((name) => name.normalize() === category.normalize()) ?? category;
}

/** The name becomes that of a folder, and must not pass for another data set. */
function checkName(root: string, name: string): void {
  const wayOut = `give it another as "name" in ${root}/${DATASET_FILE}`;
  if (!isFolderName(name)) {
    throw new Error(`${root}: its results cannot lie in a folder named "${name}"; ${wayOut}`);
  }
  if (isNamed(name)) {
    throw new Error(`${root}: "${name}" is the name of another data set; ${wayOut}`);
  }
}

function checkNames(
  root: string,
  groups: CategoryGroups,
  names: Readonly<Record<string, string>>,
): void {
  const categories = GROUPS.flatMap((group) => groups[group]);
  const stray = Object.keys(names).filter((category) => !categories.includes(category));
  if (stray.length > 0) {
    throw new Error(
      `${root}/${DATASET_FILE}: names ${listed(stray)}, which no group has; correct or delete that`,
    );
  }
}

function isNamed(dataset: string): boolean {
  return (NAMED_DATASETS as readonly string[]).includes(dataset);
}
