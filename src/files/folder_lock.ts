/**
 * Folders that one process at a time works in.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { pause } from "../pause.ts";
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
  return takeLock(folder, join(folder, LOCK_FILE));
}

/** Milliseconds between two looks whether another has finished. */
const LOOK_AGAIN = 200;

/** How to wait for another process. */
export interface WaitOptions {
  /** Called once, if there is anything to wait for. */
  readonly onWait?: (() => void) | undefined;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes the place of a folder that is to be made or replaced as a whole, as soon as no other holds
 * it. The lock is the file `<folder>.lock` beside it, and ends as that of {@linkcode lockFolder}
 * does.
 *
 * @param folder its parent is made if it is missing
 * @throws {Error} if the parent cannot be written to
 * @throws the signal's reason
 */
export async function waitForPlace(
  folder: string,
  { onWait, signal }: WaitOptions = {},
): Promise<Disposable> {
  let waiting = false;
  while (true) {
    try {
      return takeLock(folder, `${folder}${LOCK_FILE}`);
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error;
      if (!waiting) onWait?.();
      waiting = true;
      await pause(LOOK_AGAIN, signal);
    }
  }
}

function takeLock(folder: string, path: string): Disposable {
  while (true) {
    const file = openLockFile(folder, path);
    if (!file.tryLockSync(true)) {
      file.close();
      throw new FolderInUse(folder, holderOf(path));
    }
    // Its holder until now may have removed the file after it was opened here.
    if (isStillThere(file, path)) return lockOn(file, folder, path);
    file.close();
  }
}

function openLockFile(folder: string, path: string): Deno.FsFile {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
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
