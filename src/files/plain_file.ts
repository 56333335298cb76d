import { join } from "@std/path";
import { readdir } from "node:fs/promises";
import { information, isFolder } from "./path_kind.ts";

/** Bytes that a file of text may have: more would be too long for a string. */
export const LONGEST_TEXT = 5e8;

/** Something that is there and cannot be read as a file; the message has no path. */
export class UnsuitableFile extends Error {
  override readonly name = "UnsuitableFile";
}

/**
 * Reads a file, or what a link to one leads to, as a whole. Anything else is not opened: a pipe
 * would be waited for, and a device has no end.
 *
 * @param most bytes that it may have
 * @throws {UnsuitableFile} if it is not a file, or too large
 * @throws {Error} the system's if it cannot be read
 */
export async function readPlainFile(
  path: string,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { isFile, size } = await Deno.stat(path);
  if (!isFile) throw new UnsuitableFile("not a plain file");
  if (size > most) {
    throw new UnsuitableFile(`${size} bytes, more than the ${most} that such a file may have`);
  }
  return await Deno.readFile(path);
}

/**
 * Requires that nothing below a folder is a symbolic link, so that what is written or deleted in it
 * is not somewhere else. The folder itself may be one, and need not be there.
 *
 * @throws {Error} that names the link and the remedy
 */
export async function refuseLinksBelow(folder: string): Promise<void> {
  if (!isFolder(folder)) return;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const link = entries.find((entry) => entry.isSymbolicLink());
  if (link !== undefined) throw isLink(join(link.parentPath, link.name));
}

/**
 * Requires that a path is not that of a symbolic link, so that what is written or deleted there is
 * not somewhere else.
 *
 * @throws {Error} that names the link and the remedy
 */
export function refuseLink(path: string): void {
  if (information(path, Deno.lstatSync)?.isSymlink) throw isLink(path);
}

function isLink(path: string): Error {
  return new Error(
    `${path}: a symbolic link, and what is written there would be elsewhere; remove the link`,
  );
}
