/**
 * Folders that one process at a time works in.
 *
 * @module
 */
import { join } from "@std/path";
import { writeProblem } from "./error_message.ts";

const LOCK_FILE = ".lock";

/** Another process works in the folder. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";

  /** @param holder for example `process 4711` */
  constructor(folder: string, holder: string) {
    super(`${folder}: ${holder} is working in it; wait for its end, or choose another folder`);
  }
}

/**
 * Takes a folder, made if it is missing, until the lock is disposed or the process ends, however it
 * ends: the operating system holds the lock, so that a file left by a killed process stops nobody.
 *
 * @throws {FolderInUse} if another holds it
 * @throws {Error} if it cannot be written to
 */
export function lockFolder(folder: string): Disposable {
  const path = join(folder, LOCK_FILE);
  while (true) {
    const file = openLockFile(folder, path);
    if (!file.tryLockSync(true)) {
      file.close();
      throw new FolderInUse(folder, holderOf(path));
    }
    // Whoever held it until now may have removed the file after it was opened here.
    if (isStillThere(file, path)) return lockOn(file, folder, path);
    file.close();
  }
}

function openLockFile(folder: string, path: string): Deno.FsFile {
  try {
    Deno.mkdirSync(folder, { recursive: true });
    return Deno.openSync(path, { write: true, create: true });
  } catch (error) {
    throw notWritable(folder, error);
  }
}

function lockOn(file: Deno.FsFile, folder: string, path: string): Disposable {
  const lock = {
    [Symbol.dispose]() {
      try {
        Deno.removeSync(path);
      } catch {
        // A file that stays does no harm: nobody holds it any more.
      }
      file.close();
    },
  };
  try {
    file.truncateSync();
    file.writeSync(new TextEncoder().encode(String(Deno.pid)));
    return lock;
  } catch (error) {
    lock[Symbol.dispose]();
    throw notWritable(folder, error);
  }
}

function notWritable(folder: string, error: unknown): Error {
  return new Error(`${folder}: ${writeProblem(error)}`, { cause: error });
}

function isStillThere(file: Deno.FsFile, path: string): boolean {
  try {
    return Deno.statSync(path).ino === file.statSync().ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** For a message only: the holder may have ended since, or not have written down who it is. */
function holderOf(path: string): string {
  try {
    const pid = Deno.readTextFileSync(path);
    return pid === "" ? "another process" : `process ${pid}`;
  } catch {
    return "another process";
  }
}
