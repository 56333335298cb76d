/**
 * Data sets that are folders of pictures: `train/<category>/*` and `val/<category>/*`, where `val`
 * may also be called `valid` or `test`; or `<category>/*`, with a part of the pictures kept for
 * testing.
 *
 * @module
 */
import { messageOf } from "../files/error_message.ts";
import { isFolder } from "../files/path_kind.ts";
import {
  categoriesOf,
  type CategoryGroups,
  type DatasetSplits,
  type Group,
  GROUPS,
  isFolderName,
  type LabelledImage,
} from "./categories.ts";
import { drawnPart } from "./drawn_part.ts";
import { NA } from "./labels.ts";

/** The folder of the training pictures. */
const TRAIN_FOLDER = "train";

/** The possible names of the folder of test pictures. */
const TEST_FOLDERS = ["val", "valid", "test"];

/** Whether a file's extension is that of a picture: JPEG, PNG, WebP, GIF or TIFF. */
export function isPictureName(name: string): boolean {
  return /\.(jpe?g|png|webp|gif|tiff?)$/i.test(name);
}

/**
 * Finds the pictures of a data set.
 *
 * Skips hidden files, files that are not pictures by {@linkcode isPictureName}, and the `train`
 * folders of unseen categories, which may be missing. In a folder without `train` and `val`, the
 * test pictures are all pictures of unseen categories, and those that {@linkcode testNames} draws
 * from each other category.
 *
 * @param testShare the part of each trained category to keep for testing, in (0, 1), if the folder
 * is not divided; by default a fifth
 * @throws {Error} if the groups are not valid, a category's folder is missing, has too few pictures
 * or has folders in it, a folder is in no group, there is not exactly one folder of test pictures
 * beside `train`, or a share is given for a folder that has test pictures
 */
export async function readImageFolder(
  root: string,
  groups: CategoryGroups,
  testShare?: number,
): Promise<DatasetSplits> {
  checkGroups(groups);
  const categories = categoriesOf(groups);
  const testFolder = await findTestFolder(root, categories);
  if (testFolder === undefined) {
    await checkFolders(root, categories);
  } else if (testShare === undefined) {
    const trained = [...groups.known, ...groups.unknown];
    await checkFolders(`${root}/${TRAIN_FOLDER}`, trained, groups.unseen);
    await checkFolders(`${root}/${testFolder}`, categories);
  } else {
    throw new Error(
      `${root}: testShare is ${testShare}, but ${testFolder} already holds the test pictures; ` +
        "leave testShare out",
    );
  }
  const train: LabelledImage[] = [];
  const test: LabelledImage[] = [];
  for (const group of GROUPS) {
    const isTrained = group !== "unseen";
    for (const category of groups[group]) {
      const add = (images: LabelledImage[], folder: string, names: Iterable<string>) => {
        for (const name of names) images.push({ path: `${folder}/${name}`, category, group });
      };
      if (testFolder === undefined) {
        const names = await picturesIn(`${root}/${category}`, isTrained ? 2 : 1);
        const tested = isTrained ? testNames(category, names, testShare) : new Set(names);
        add(train, category, names.filter((name) => !tested.has(name)));
        add(test, category, tested);
      } else {
        const [trainFolder, folder] = [`${TRAIN_FOLDER}/${category}`, `${testFolder}/${category}`];
        if (isTrained) add(train, trainFolder, await picturesIn(`${root}/${trainFolder}`, 1));
        add(test, folder, await picturesIn(`${root}/${folder}`, 1));
      }
    }
  }
  const byPath = (a: LabelledImage, b: LabelledImage) => a.path < b.path ? -1 : 1;
  return { train: train.sort(byPath), test: test.sort(byPath) };
}

/**
 * Divides the pictures of one category into training and test pictures, drawn by {@linkcode
 * drawnPart}.
 *
 * @param testShare in (0, 1); with two or more pictures, each side gets at least one
 * @returns the names of the test pictures
 */
export function testNames(
  category: string,
  names: readonly string[],
  testShare = 0.2,
): Set<string> {
  return drawnPart("test", category, names, testShare);
}

/**
 * Makes sure that groups can be used for training.
 *
 * @throws {Error} if no category is known, a category is listed twice, or one is not a folder's
 * name or has the name of the label {@linkcode NA}
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

/**
 * The names of the folders that could be categories, sorted.
 *
 * @throws {Error} if the data set's folder is missing or cannot be read
 */
export async function categoryFolders(root: string): Promise<string[]> {
  const folders = await foldersIn(root);
  if (!folders.includes(TRAIN_FOLDER)) return folders;
  const divisions = [TRAIN_FOLDER, ...TEST_FOLDERS].filter((name) => folders.includes(name));
  const names = await Promise.all(divisions.map((name) => foldersIn(`${root}/${name}`)));
  return [...new Set(names.flat())].sort();
}

/** The first ten names, in quotes, separated by commas. */
export function quotedNames(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => `"${name}"`).join(", ");
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}

/** The folder of the test pictures; undefined if the pictures are not divided. */
async function findTestFolder(
  root: string,
  categories: readonly string[],
): Promise<string | undefined> {
  const named = new Set(categories);
  const folders = (await foldersIn(root)).filter((name) => !named.has(name));
  const found = TEST_FOLDERS.filter((name) => folders.includes(name));
  if (!folders.includes(TRAIN_FOLDER)) {
    if (found.length === 0) return undefined;
    throw new Error(
      `${root} has a folder ${found[0]}, but no folder ${TRAIN_FOLDER}; put the pictures to ` +
        `train on into ${TRAIN_FOLDER}/<category>`,
    );
  }
  if (found.length !== 1) {
    const names = TEST_FOLDERS.join(", ");
    throw new Error(
      `${root} has ${found.length === 0 ? "none" : "more than one"} of the folders ${names} ` +
        `beside ${TRAIN_FOLDER}; keep the test pictures in one of them, by <category>`,
    );
  }
  return found[0]!;
}

/** Makes sure that there is a folder for every category and no other folder. */
async function checkFolders(
  folder: string,
  categories: readonly string[],
  passedOver: readonly string[] = [],
): Promise<void> {
  const present = new Set(await foldersIn(folder));
  const missing = categories.filter((category) => !present.has(category));
  if (missing.length > 0) {
    const hint = [...present].some((name) => name.includes(","))
      ? "; on the command line a comma ends a name: write such names into dataset.json"
      : "";
    throw new Error(
      `${folder} has no folder ${quotedNames(missing)}; there are ` +
        `${quotedNames([...present]) || "none"}${hint}`,
    );
  }
  const stray = [...present.difference(new Set([...categories, ...passedOver]))];
  if (stray.length > 0) {
    throw new Error(
      `${folder}: in no group: ${quotedNames(stray)}; make each a known, unknown or unseen ` +
        "category, or move its folder elsewhere",
    );
  }
}

/** The names of the picture files of a category. */
async function picturesIn(folder: string, atLeast: number): Promise<string[]> {
  const entries = await entriesOf(folder);
  const pictures = entries.filter(({ name }) => isPictureName(name));
  const nested = entries.find((entry) => entry.isDirectory && !pictures.includes(entry));
  if (nested !== undefined) {
    throw new Error(
      `${folder}/${nested.name} is a folder in a category; put its pictures into ${folder} or move ` +
        "it elsewhere",
    );
  }
  if (pictures.length < atLeast) {
    throw new Error(
      `${folder}: ${pictures.length} JPEG, PNG, WebP, GIF or TIFF pictures, at least ${atLeast} ` +
        "needed; add some or take the category out of its group",
    );
  }
  return pictures.map(({ name }) => name);
}

/** The names of the folders in a folder, sorted. */
async function foldersIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const { name, isDirectory, isSymlink } of await entriesOf(folder)) {
    if (isDirectory || (isSymlink && isFolder(`${folder}/${name}`))) names.push(name);
  }
  return names.sort();
}

/** The entries of a folder that are not hidden. */
async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(({ name }) => !name.startsWith("."));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new Error(
        `${folder} is not a folder; a data set is a folder of pictures in <category>, or in ` +
          "train/<category> and val/<category>",
        { cause: error },
      );
    }
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`${folder}: cannot be read (${messageOf(error)}); let your user read it`, {
      cause: error,
    });
  }
}
