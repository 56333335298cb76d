/**
 * Downloading a data set to the disk.
 *
 * @module
 */
import { basename } from "@std/path";
import { NotWritten, writing } from "../../files/error_message.ts";
import { waitForPlace } from "../../files/folder_lock.ts";
import { exists } from "../../files/path_kind.ts";
import { refuseLink } from "../../files/plain_file.ts";
import { removeIfPresent } from "../../files/remove_if_present.ts";
import { type ArchivedDataset, usualFolder } from "../catalogue_entry.ts";
import { formatAmount, MEGABYTES } from "../progress.ts";
import { downloadArchive, type DownloadOptions } from "./download_archive.ts";
import { BadArchive } from "./errors.ts";
import { wrongPictures } from "./pictures_on_disk.ts";
import { unpackArchive } from "./unpack_archive.ts";

/** Options of {@linkcode fetchDataset}. */
export interface FetchOptions extends DownloadOptions {
  /** The data set's folder; by default in `data/` of this project. */
  readonly folder?: string;
  /** Whether to read all pictures of an existing folder, and replace the folder if one is wrong. */
  readonly repair?: boolean;
}

/**
 * Makes sure that a data set is on the disk: downloads, unpacks and checks it if it is missing.
 *
 * The folder gets its name only when it is complete. Until then everything is in
 * `<folder>.download` beside it; if something fails, only the archive, whole or partial, is left
 * there. One process at a time downloads; others wait for it.
 *
 * @returns the folder of the data set
 * @throws {Error} as {@linkcode downloadArchive} and {@linkcode unpackArchive}; if the disk is
 * full, the folder cannot be written to, or it exists with a wrong number of pictures and `repair`
 * is not set. Each message names the URL or file and the remedy.
 */
export async function fetchDataset(
  dataset: ArchivedDataset,
  options: FetchOptions = {},
): Promise<string> {
  const { folder = usualFolder(dataset), repair = false, signal, log } = options;
  if (!repair && await isComplete(dataset, folder, options)) return folder;
  const onWait = () => log?.(`another process is downloading ${folder}; waiting for it`);
  using _lock = await waitForPlace(folder, onWait, signal);
  if (await isComplete(dataset, folder, options)) return folder;
  try {
    await replace(dataset, folder, options);
  } catch (error) {
    if (!(error instanceof NotWritten)) throw error;
    const { url, bytes, limits } = dataset.archive;
    // The archive and its unpacked content are on the disk at the same time.
    const space = formatAmount(bytes + limits.bytes, MEGABYTES);
    throw new Error(
      `${error.message}; ${basename(url)} needs ${space} of free space while it is unpacked`,
      { cause: error.cause },
    );
  }
  return folder;
}

async function isComplete(
  { name, archive }: ArchivedDataset,
  folder: string,
  options: FetchOptions,
): Promise<boolean> {
  if (!exists(folder)) return false;
  const { repair = false, log } = options;
  const wrong = await wrongPictures(folder, archive, repair ? "content" : "number", options);
  if (wrong === undefined) return true;
  if (!repair) {
    throw new Error(
      `${folder}: ${wrong}; move the folder away, or replace it by deno task fetch ${name} --repair`,
    );
  }
  log?.(`${folder}: ${wrong}; it will be replaced`);
  return false;
}

/** Downloads, unpacks and checks the data set, and replaces the existing folder with it. */
async function replace(
  { archive }: ArchivedDataset,
  folder: string,
  options: FetchOptions,
): Promise<void> {
  const work = `${folder}.download`;
  const unpacked = `${work}/unpacked`;
  const former = `${work}/former`;
  refuseLink(work);
  await writing(work, async () => {
    await Deno.mkdir(work, { recursive: true });
    // Left by a process that was killed.
    for (const left of [unpacked, former]) await removeIfPresent(left);
  });
  try {
    const part = `${work}/archive.tgz.part`;
    await downloadArchive(archive, part, options);
    await unpackArchive(part, unpacked, archive, options);
    const root = `${unpacked}/${archive.folder}`;
    const wrong = await wrongPictures(root, archive, "content", options);
    if (wrong !== undefined) {
      throw new BadArchive(archive, `the archive is not the right one (${wrong})`);
    }
    await writing(folder, async () => {
      if (exists(folder)) await Deno.rename(folder, former);
      await Deno.rename(root, folder);
      await Deno.remove(work, { recursive: true });
    });
  } catch (error) {
    await removeIfPresent(unpacked);
    const left = await Array.fromAsync(Deno.readDir(work));
    if (left.length === 0 || error instanceof BadArchive) await removeIfPresent(work);
    throw error;
  }
}
