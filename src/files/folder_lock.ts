import { dirname, join } from "@std/path";
import { pause } from "../pause.ts";
import { NotWritten } from "./error_message.ts";
import { information } from "./path_kind.ts";

const LOCK_FILE = ".lock";

/** Another process holds a folder. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";

  /** @param holder the process that holds it */
  constructor(folder: string, holder: string) {
    super(`${folder}: ${holder} is working in it; wait until it ends, or choose another folder`);
  }
}

/**
 * Locks a folder, made if it is missing, until the lock is disposed or the process ends in any way:
 * the operating system holds the lock, so a file left by a killed process blocks nobody.
 *
 * @throws {FolderInUse} if another process holds it
 * @throws {Error} if it cannot be written to
 */
export function lockFolder(folder: string): Disposable {
  const path = join(folder, LOCK_FILE);
  const lock = takeLock(folder, path);
  if (lock === undefined) throw new FolderInUse(folder, holderOf(path));
  return lock;
}

/** Milliseconds between checks whether another process has finished. */
const LOOK_AGAIN = 200;

/**
 * Locks the place of a folder that is to be made or replaced as a whole, once no other process
 * holds it. The lock is the file `<folder>.lock` beside it, and ends like that of {@linkcode
 * lockFolder}.
 *
 * @param folder its parent is made if it is missing
 * @param onWait called once, if another process holds it
 * @param signal stops waiting
 * @throws {Error} if the parent cannot be written to
 * @throws the signal's reason
 */
export async function waitForPlace(
  folder: string,
  onWait?: () => void,
  signal?: AbortSignal,
): Promise<Disposable> {
  for (let looks = 0;; looks++) {
    const lock = takeLock(folder, `${folder}${LOCK_FILE}`);
    if (lock !== undefined) return lock;
    if (looks === 0) onWait?.();
    await pause(LOOK_AGAIN, signal);
  }
}

/** The lock; undefined if another process holds it. */
function takeLock(folder: string, path: string): Disposable | undefined {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    while (true) {
      const file = openLockFile(path);
      if (file === undefined) continue;
      if (!file.tryLockSync(true)) {
        file.close();
        return undefined;
      }
      // The former holder may have removed the file after it was opened here.
      if (isSame(information(path, Deno.lstatSync), file.statSync())) return lockOn(file, path);
      file.close();
    }
  } catch (error) {
    throw new NotWritten(folder, error);
  }
}

/** Opens the file, or makes it; undefined if another process made or removed it in between. */
function openLockFile(path: string): Deno.FsFile | undefined {
  const there = information(path, Deno.lstatSync);
  if (there !== undefined && !there.isFile) {
    throw new Error("its lock is not a plain file; remove it");
  }
  try {
    // A missing file is created exclusively, not followed: it may be a link by now.
    return Deno.openSync(path, { write: true, createNew: there === undefined });
  } catch (error) {
    const { AlreadyExists, NotFound } = Deno.errors;
    if (error instanceof AlreadyExists || error instanceof NotFound) return undefined;
    throw error;
  }
}

function isSame(a: Deno.FileInfo | undefined, b: Deno.FileInfo): boolean {
  return a?.ino === b.ino && a?.dev === b.dev;
}

function lockOn(file: Deno.FsFile, path: string): Disposable {
  const lock = {
    [Symbol.dispose]() {
      try {
        Deno.removeSync(path);
      } catch {
        // A remaining file does no harm: nobody holds it any more.
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
    throw error;
  }
}

/** The holder, for a message only: it may have ended since, or not have written its process id. */
function holderOf(path: string): string {
  try {
    const pid = Deno.readTextFileSync(path);
    return pid === "" ? "another process" : `process ${pid}`;
  } catch {
    return "another process";
  }
}
