/**
 * Files that are there whole or not at all.
 *
 * @module
 */
import { AtomicFile } from "./atomic_file.ts";
import { messageOf } from "./error_message.ts";

/**
 * Writes a file under a temporary name beside its place, waits until it is on the disk, and renames
 * it, so that a reader or a killed program never meets half of it. Creates missing folders; replaces
 * an existing file.
 *
 * @param content text (UTF-8), bytes, or bytes in pieces
 * @throws {Error} if the file cannot be written; the message has its path and the remedy.
 */
export async function writeWholeFile(
  path: string,
  content: string | Uint8Array | Iterable<Uint8Array>,
): Promise<void> {
  const file = await AtomicFile.create(path);
  try {
    for (const piece of piecesOf(content)) await file.write(piece);
    await file.commit();
  } finally {
    await file.discard();
  }
}

/**
 * The text of a file that something else should have written.
 *
 * @param remedy what to do if it is missing, for the message
 * @throws {Error} if it cannot be read; the message names the file and the remedy.
 */
export async function readWholeFile(path: string, remedy: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : messageOf(error);
    throw new Error(`${path}: ${reason}; ${remedy}`, { cause: error });
  }
}

function piecesOf(content: string | Uint8Array | Iterable<Uint8Array>): Iterable<Uint8Array> {
  if (typeof content === "string") return [new TextEncoder().encode(content)];
  return content instanceof Uint8Array ? [content] : content;
}
