/**
 * Data sets that are folders of pictures: `train/<category>/*` and `val/<category>/*`.
 *
 * @module
 */
import type { CategoryGroups, DatasetSplits } from "./categories.ts";
import { checkGroups, type ImageFile, splitImages } from "./splits.ts";

/**
 * Finds the pictures of a data set.
 *
 * Pictures are JPEG, PNG and WebP files, told by their extension. Hidden files and files of other
 * kinds are passed over; so is the `train` folder of unseen categories, which may be missing.
 *
 * @param root the folder that holds `train` and `val`
 * @throws {Error} if the groups are not valid, a category's folder is missing or holds no pictures,
 * or a folder's category is in no group
 */
export async function readImageFolder(
  root: string,
  groups: CategoryGroups,
): Promise<DatasetSplits> {
  checkGroups(groups);
  const trained = [...groups.known, ...groups.unknown];
  const files = [
    ...await readSplit(root, "train", trained, groups.unseen),
    ...await readSplit(root, "val", [...trained, ...groups.unseen], []),
  ];
  return splitImages(files, groups);
}

async function readSplit(
  root: string,
  split: ImageFile["split"],
  categories: readonly string[],
  passedOver: readonly string[],
): Promise<ImageFile[]> {
  const folder = `${root}/${split}`;
  for (const { name, isFile } of await entriesOf(folder)) {
    if (!isFile && !categories.includes(name) && !passedOver.includes(name)) {
      throw new Error(
        `${folder}/${name}: the category "${name}" is in no group; add it to one or move its folder`,
      );
    }
  }
  const files: ImageFile[] = [];
  for (const category of categories) {
    const pictures = (await entriesOf(`${folder}/${category}`)).filter(isPicture);
    if (pictures.length === 0) {
      throw new Error(
        `${folder}/${category} holds no JPEG, PNG or WebP pictures; add some or take the category ` +
          "out of its group",
      );
    }
    for (const { name } of pictures) {
      files.push({ path: `${split}/${category}/${name}`, category, split });
    }
  }
  return files;
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(({ name }) => !name.startsWith("."));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new Error(
        `${folder} is not a folder; a data set holds its pictures in train/<category> and ` +
          "val/<category>",
        { cause: error },
      );
    }
    throw error;
  }
}

function isPicture({ name, isDirectory }: Deno.DirEntry): boolean {
  return !isDirectory && /\.(jpe?g|png|webp)$/i.test(name);
}
