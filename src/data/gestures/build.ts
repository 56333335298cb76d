/**
 * Builds the data set's folder if it is missing, incomplete, or made from another recipe.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import { Buffer } from "node:buffer";
import sharp from "sharp";
import { writing } from "../../files/error_message.ts";
import { waitForPlace } from "../../files/folder_lock.ts";
import { filesBelow, isFile, isFolder } from "../../files/path_kind.ts";
import { refuseLink } from "../../files/plain_file.ts";
import { removeIfPresent } from "../../files/remove_if_present.ts";
import { isPictureName } from "../image_folder.ts";
import { inParallel } from "../in_parallel.ts";
import type { Progress } from "../progress.ts";
import { ARTISTS } from "./artists.ts";
import { readDrawings } from "./drawings.ts";
import { pictureLayers } from "./picture.ts";
import { type PlannedPicture, plannedPictures, type Recipe } from "./recipe.ts";

/** The file in the folder that describes its recipe. */
const RECIPE_FILE = "recipe.json";

/**
 * Makes sure that a folder holds exactly the pictures of a recipe.
 *
 * They are made in `<folder>.tmp` and moved when all are complete, so a killed process leaves
 * nothing that could be mistaken for the data set. One process at a time makes them; others wait
 * for it.
 *
 * @param folder its parent is made if it is missing; pictures of another recipe in it are replaced
 * @param progress receives the number of pictures made, if there are any to make
 * @throws {Error} if the folder holds something else, or cannot be written
 */
export async function buildGestures(
  folder: string,
  recipe: Recipe,
  progress?: Progress,
): Promise<void> {
  const pictures = plannedPictures(recipe);
  const { sharp: version, rsvg } = sharp.versions;
  // Everything the pictures depend on, and the credits.
  const content = { recipe, artists: ARTISTS, renderer: { sharp: version, rsvg } };
  const description = JSON.stringify(content, null, 2) + "\n";
  if (await isCurrent(folder, description, pictures)) return;
  using _lock = await waitForPlace(folder);
  // Another process may have made it in the meantime.
  if (await isCurrent(folder, description, pictures)) return;
  await requireReplaceable(folder);
  const work = `${folder}.tmp`;
  refuseLink(work);
  // Left by a process that was killed.
  await removeIfPresent(work);
  try {
    await makePictures(`${work}/pictures`, pictures, recipe, progress);
    await writing(folder, async () => {
      await Deno.writeTextFile(`${work}/pictures/${RECIPE_FILE}`, description);
      if (isFolder(folder)) await Deno.rename(folder, `${work}/former`);
      await Deno.rename(`${work}/pictures`, folder);
    });
  } finally {
    await removeIfPresent(work);
  }
}

async function isCurrent(
  folder: string,
  description: string,
  pictures: readonly PlannedPicture[],
): Promise<boolean> {
  const path = `${folder}/${RECIPE_FILE}`;
  if (!isFile(path) || await Deno.readTextFile(path) !== description) return false;
  const present = (await filesBelow(folder))
    .filter((file) => isPictureName(file) && !basename(file).startsWith("."));
  return new Set(present).symmetricDifference(new Set(pictures.map(({ path }) => path))).size === 0;
}

/** Makes sure that no files of the user's own are replaced. */
async function requireReplaceable(folder: string): Promise<void> {
  if (!isFolder(folder) || isFile(`${folder}/${RECIPE_FILE}`)) return;
  if ((await Array.fromAsync(Deno.readDir(folder))).length > 0) {
    throw new Error(
      `${folder} holds something other than the data set gestures (there is no ${RECIPE_FILE} in ` +
        "it); move it away",
    );
  }
}

async function makePictures(
  folder: string,
  pictures: readonly PlannedPicture[],
  recipe: Recipe,
  progress: Progress | undefined,
): Promise<void> {
  let done = 0;
  try {
    progress?.update(done, pictures.length);
    const drawings = await readDrawings(pictures.map(({ drawing }) => drawing));
    for (const part of new Set(pictures.map(({ path }) => dirname(path)))) {
      await writing(folder, () => Deno.mkdir(`${folder}/${part}`, { recursive: true }));
    }
    const made = inParallel(pictures, async ({ path, drawing }) => {
      const { background, foreground } = pictureLayers(path, drawings.get(drawing)!, recipe);
      const jpeg = await sharp(Buffer.from(background))
        .resize(recipe.size, recipe.size, { kernel: "cubic" })
        .composite([{ input: Buffer.from(foreground) }])
        .removeAlpha()
        .jpeg({ quality: 90 })
        .toBuffer();
      await writing(`${folder}/${path}`, () => Deno.writeFile(`${folder}/${path}`, jpeg));
    });
    for await (const _ of made) progress?.update(++done, pictures.length);
  } finally {
    progress?.stop();
  }
}
