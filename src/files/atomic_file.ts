/**
 * Files that other processes see either complete or not at all.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { writing } from "./error_message.ts";
import { filesBelow, information } from "./path_kind.ts";
import { removeIfPresent } from "./remove_if_present.ts";

/** How the names of temporary files end. */
const TEMPORARY = ".tmp";

/** Left behind by a process that was killed if it has not grown for so long. */
const ABANDONED_MILLISECONDS = 10 * 60 * 1000;

/**
 * A file that is written piece by piece under a temporary name of this process and gets its own
 * name when it is complete.
 */
export class AtomicFile {
  readonly #path: string;
  readonly #temporary: string;
  #file: Deno.FsFile | undefined;

  private constructor(path: string, temporary: string, file: Deno.FsFile) {
    this.#path = path;
    this.#temporary = temporary;
    this.#file = file;
  }

  /**
   * Begins a file, and its folder if that is not there. Temporary files that killed processes left
   * behind for the same path are removed.
   *
   * @throws {Error} if the file cannot be written
   */
  static async create(path: string): Promise<AtomicFile> {
    const temporary = `${path}.${Deno.pid}-${crypto.randomUUID().slice(0, 8)}${TEMPORARY}`;
    const file = await writing(path, async () => {
      await Deno.mkdir(dirname(path), { recursive: true });
      await removeAbandoned(path);
      return await Deno.open(temporary, { write: true, createNew: true });
    });
    return new AtomicFile(path, temporary, file);
  }

  /**
   * Appends bytes.
   *
   * @throws {Error} if they cannot be written, for example for want of space
   */
  async write(bytes: Uint8Array): Promise<void> {
    const file = this.#file;
    if (file === undefined) throw new Error(`${this.#path}: written to after its end`);
    await writing(this.#path, () => writeAll(file, bytes));
  }

  /** Ends the file, waits until it is on the disk, and gives it its name in place of any other. */
  async commit(): Promise<void> {
    await writing(this.#path, async () => {
      await this.#file?.sync();
      this.#close();
      await Deno.rename(this.#temporary, this.#path);
    });
  }

  /** Removes what was written, unless it was committed. */
  async discard(): Promise<void> {
    this.#close();
    await removeIfPresent(this.#temporary);
  }

  #close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

/** Writes all of some bytes; a single call of the system's may write fewer. */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

/** Removes all temporary files from a folder and those in it, where no other process writes any. */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  for (const path of await filesBelow(folder)) {
    if (path.endsWith(TEMPORARY)) await removeIfPresent(join(folder, path));
  }
}

async function removeAbandoned(path: string): Promise<void> {
  const folder = dirname(path);
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith(TEMPORARY)) continue;
    const temporary = join(folder, name);
    // One that is gone was renamed or removed by its process.
    const modified = information(temporary)?.mtime?.getTime() ?? Date.now();
    if (modified < Date.now() - ABANDONED_MILLISECONDS) await removeIfPresent(temporary);
  }
}
