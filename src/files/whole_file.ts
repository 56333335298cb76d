import { basename, dirname, join } from "@std/path";
import { messageOf, writing } from "./error_message.ts";
import { exists, filesBelow } from "./path_kind.ts";
import { LONGEST_TEXT, readPlainFile } from "./plain_file.ts";
import { removeIfPresent } from "./remove_if_present.ts";

/** The ending of temporary files' names. */
const TEMPORARY = ".tmp";

/**
 * A file that is written piece by piece under a temporary name of this process and gets its own
 * name when it is complete. The system holds a lock on it for as long as the process lives.
 */
export class AtomicFile {
  private constructor(
    private readonly path: string,
    private readonly temporary: string,
    private file: Deno.FsFile | undefined,
  ) {}

  /**
   * Begins a file, and makes its folder if that is missing. Temporary files that killed processes
   * left for the same path are removed.
   *
   * @throws {Error} if the file cannot be written
   */
  static async create(path: string): Promise<AtomicFile> {
    return await writing(path, async () => {
      await Deno.mkdir(dirname(path), { recursive: true });
      await removeAbandoned(path);
      while (true) {
        const temporary = `${path}.${Deno.pid}-${crypto.randomUUID().slice(0, 8)}${TEMPORARY}`;
        const file = await Deno.open(temporary, { write: true, createNew: true });
        await lockIfPossible(file);
        if (exists(temporary)) return new AtomicFile(path, temporary, file);
        // Another process considered it abandoned before it was locked.
        file.close();
      }
    });
  }

  /**
   * Appends bytes.
   *
   * @throws {Error} if they cannot be written, for example because the disk is full
   */
  async write(bytes: Uint8Array): Promise<void> {
    const file = this.file;
    if (file === undefined) throw new Error(`${this.path}: written to after its end`);
    await writing(this.path, () => writeAll(file, bytes));
  }

  /**
   * Finds out whether a file of this length is possible here. Writes nothing, so takes no space.
   *
   * @throws {Error} if it is not, for example because of `ulimit -f`
   */
  async tryLength(bytes: number): Promise<void> {
    await writing(this.path, async () => await this.file?.truncate(bytes));
  }

  /**
   * Completes the file, waits until it is on the disk, and renames it, replacing an existing file.
   */
  async commit(): Promise<void> {
    await writing(this.path, async () => {
      await this.file?.sync();
      this.#close();
      await Deno.rename(this.temporary, this.path);
    });
  }

  /** Removes the file, unless it was committed. */
  async discard(): Promise<void> {
    this.#close();
    await removeIfPresent(this.temporary);
  }

  #close(): void {
    this.file?.close();
    this.file = undefined;
  }
}

/** Writes all bytes; a single system call may write fewer. */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

/**
 * Removes all temporary files from a folder and its subfolders, where no other process writes any.
 */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  for (const path of await filesBelow(folder)) {
    if (path.endsWith(TEMPORARY)) await removeIfPresent(join(folder, path));
  }
}

/**
 * Writes a file under a temporary name beside its place, waits until it is on the disk, and renames
 * it, so that a reader or a killed program never finds or leaves half a file. Creates missing
 * folders; replaces an existing file.
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
 * The text of a file that an earlier step should have written.
 *
 * @param remedy the way out if it is missing, for the message
 * @throws {Error} if it cannot be read; the message names the file and the remedy.
 */
export async function readWholeFile(path: string, remedy: string): Promise<string> {
  return new TextDecoder().decode(await readWholeBytes(path, remedy));
}

/** The bytes of such a file; otherwise like {@linkcode readWholeFile}. */
export async function readWholeBytes(path: string, remedy: string): Promise<Uint8Array> {
  try {
    return await readPlainFile(path, LONGEST_TEXT);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : messageOf(error);
    throw new Error(`${path}: ${reason}; ${remedy}`, { cause: error });
  }
}

async function removeAbandoned(path: string): Promise<void> {
  const folder = dirname(path);
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile || !name.startsWith(`${basename(path)}.`) || !name.endsWith(TEMPORARY)) continue;
    const temporary = join(folder, name);
    if (await isAbandoned(temporary)) await removeIfPresent(temporary);
  }
}

/** Whether a temporary file is certain not to be held by any process. */
async function isAbandoned(temporary: string): Promise<boolean> {
  try {
    using file = await Deno.open(temporary, { write: true });
    return await file.tryLock(true);
  } catch {
    // Its process has renamed or removed it, it is another user's, or the disk does not support
    // locks.
    return false;
  }
}

/**
 * Locks a file if the disk supports locks; elsewhere, files of killed processes are not removed.
 */
async function lockIfPossible(file: Deno.FsFile): Promise<void> {
  try {
    await file.lock(true);
  } catch {
    // Without locks, no process considers it abandoned either.
  }
}

function piecesOf(content: string | Uint8Array | Iterable<Uint8Array>): Iterable<Uint8Array> {
  if (typeof content === "string") return [new TextEncoder().encode(content)];
  return content instanceof Uint8Array ? [content] : content;
}
