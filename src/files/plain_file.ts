import { join } from "@std/path";
import { readdir } from "node:fs/promises";
import { information, isFolder } from "./path_kind.ts";

/** The most bytes of a text file: more would be too long for a string. */
export const LONGEST_TEXT = 5e8;

/** Something that exists but cannot be read as a file; the message does not name the path. */
export class UnsuitableFile extends Error {
  override readonly name = "UnsuitableFile";
}

/**
 * Reads a whole file, directly or through a link. Anything else is not opened: a pipe might never
 * give data, and a device has no end.
 *
 * @param most the largest allowed size in bytes
 * @throws {UnsuitableFile} if it is not a file, or is too large
 * @throws {Error} the system's error, if it cannot be read
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
 * Requires that nothing below a folder is a symbolic link, so that nothing outside it is written or
 * deleted. The folder itself may be a link, and need not exist.
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
 * Requires that a path is not that of a symbolic link, so that nothing elsewhere is written or
 * deleted.
 *
 * @throws {Error} that names the link and the remedy
 */
export function refuseLink(path: string): void {
  if (information(path, Deno.lstatSync)?.isSymlink) throw isLink(path);
}

function isLink(path: string): Error {
  return new Error(
    `${path}: a symbolic link, so files written there would be elsewhere; remove the link`,
  );
}
