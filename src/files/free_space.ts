import { dirname, resolve } from "@std/path";
import { statfs } from "node:fs/promises";
import { exists } from "./path_kind.ts";

/**
 * Requires enough free space for what is about to be written. If the system does not report it, or
 * this program may not ask (`--allow-sys=statfs`), enough is assumed.
 *
 * @param folder the target; need not exist yet
 * @param bytes the approximate size
 * @param what the name of the data, for the message
 * @throws {Error} if there is less free space
 */
export async function requireSpace(folder: string, bytes: number, what: string): Promise<void> {
  const free = await freeBytes(folder);
  if (free >= bytes) return;
  throw new Error(
    `${folder}: about ${megabytes(bytes)} are needed for ${what}, and only ${
      megabytes(free)
    } are ` +
      "free there; free some space or choose another folder",
  );
}

async function freeBytes(folder: string): Promise<number> {
  let place = resolve(folder);
  while (!exists(place) && dirname(place) !== place) place = dirname(place);
  try {
    const { blocks, bavail, bsize } = await statfs(place);
    // Some file systems in user space report no numbers.
    return blocks === 0 ? Infinity : bavail * bsize;
  } catch {
    return Infinity;
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString("en-US")} MB`;
}
