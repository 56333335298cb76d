/**
 * Unpacking untrusted archives.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { createTarDecoder, type ParsedTarEntry } from "modern-tar";
import { writeAll } from "../../files/whole_file.ts";
import { messageOf, NotWritten, writing } from "../../files/error_message.ts";
import type { ArchiveSource } from "../catalogue_entry.ts";
import type { DownloadOptions } from "./download_archive.ts";
import { BadArchive } from "./errors.ts";

/**
 * Unpacks a gzipped tar archive of files and folders. Owners, permissions and times are not
 * restored.
 *
 * @param folder the target; it must not exist yet, so that everything in it comes from the archive
 * @throws {BadArchive} if an entry is not a file or folder, or has a path that leads out of the
 * folder or that another entry has, or if the archive exceeds its limits or is damaged. The caller
 * removes the entries unpacked before that.
 * @throws {NotWritten} if a file or folder cannot be written
 */
export async function unpackArchive(
  path: string,
  folder: string,
  source: ArchiveSource,
  { progress, signal }: DownloadOptions,
): Promise<void> {
  const { limits, pictures } = source;
  await writing(folder, () => Deno.mkdir(folder));
  using file = await Deno.open(path);
  const decoder = createTarDecoder({ strict: true });
  // An error here surfaces in the decoder.
  const reading = file.readable
    .pipeThrough(new DecompressionStream("gzip"))
    .pipeThrough(atMost(limits.bytes))
    .pipeTo(decoder.writable)
    .catch(() => {});
  const display = progress?.("unpacking", "files");
  const expected = pictures.train + pictures.val;
  let entries = 0;
  try {
    for await (const entry of decoder.readable) {
      signal?.throwIfAborted();
      if (++entries > limits.entries) throw new Error(`it has more than ${limits.entries} entries`);
      await unpackEntry(entry, folder);
      // Folders count as well, so there are a few more entries than pictures.
      display?.update(Math.min(entries, expected), expected);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof NotWritten) throw error;
    const reason = `the archive cannot be unpacked, because ${messageOf(error)}`;
    throw new BadArchive(source, reason, { cause: error });
  } finally {
    display?.stop();
    // Waits until nothing reads the file any more.
    await reading;
  }
}

/** Passes bytes on, up to a limit. */
function atMost(limit: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  return new TransformStream({
    transform(piece, controller) {
      bytes += piece.length;
      if (bytes > limit) throw new Error(`it unpacks to more than ${limit} bytes`);
      controller.enqueue(piece);
    },
  });
}

async function unpackEntry({ header, body }: ParsedTarEntry, folder: string): Promise<void> {
  const { name, type } = header;
  // Escapes control characters, which would act on a terminal.
  const quoted = JSON.stringify(name);
  // Absolute, upwards, or with characters that are special on some system.
  // deno-lint-ignore no-control-regex
  if (name.startsWith("/") || name.split("/").includes("..") || /[\\:\x00-\x1f]/.test(name)) {
    throw new Error(`the path ${quoted} may lead out of the folder`);
  }
  const path = join(folder, name);
  if (type === "directory") {
    await atFreePlace(path, quoted, () => Deno.mkdir(path, { recursive: true }));
  } else if (type === "file") {
    using file = await atFreePlace(path, quoted, async () => {
      await Deno.mkdir(dirname(path), { recursive: true });
      return await Deno.open(path, { write: true, createNew: true });
    });
    for await (const piece of body) await writing(path, () => writeAll(file, piece));
  } else {
    throw new Error(`${quoted} is not a file or folder, but a ${type}`);
  }
}

/**
 * Makes a file or folder. If another one is in the way, that is the archive's fault; any other
 * failure is the disk's.
 */
async function atFreePlace<T>(
  path: string,
  quoted: string,
  make: () => Promise<T>,
): Promise<T> {
  try {
    return await make();
  } catch (error) {
    const { AlreadyExists, NotADirectory } = Deno.errors;
    if (error instanceof AlreadyExists || error instanceof NotADirectory) {
      throw new Error(`the path ${quoted} is taken by another entry`, { cause: error });
    }
    throw new NotWritten(path, error);
  }
}
