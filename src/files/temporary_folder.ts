import { dirname, join } from "@std/path";
import { messageOf } from "./error_message.ts";
import { FolderInUse, lockFolder } from "./folder_lock.ts";
import { removeIfPresent } from "./remove_if_present.ts";

/**
 * Makes a folder in the system's temporary folder. It is removed when this process ends; if the
 * process is killed, the next one that makes a folder for the same purpose removes it.
 *
 * @param purpose the beginning of its name; must differ from that of all other folders there
 * @throws {Error} if there is no writable temporary folder
 */
export async function makeTemporaryFolder(purpose: string): Promise<string> {
  const { folder, lock } = await lockedFolder(purpose);
  globalThis.addEventListener("unload", () => {
    lock[Symbol.dispose]();
    Deno.removeSync(folder, { recursive: true });
  });
  await removeAbandoned(dirname(folder), purpose);
  return folder;
}

async function lockedFolder(purpose: string): Promise<{ folder: string; lock: Disposable }> {
  while (true) {
    const folder = await emptyFolder(purpose);
    try {
      return { folder, lock: lockFolder(folder) };
    } catch (error) {
      // Another process considered it abandoned before it was locked.
      if (!(error instanceof FolderInUse)) throw error;
    }
  }
}

async function emptyFolder(purpose: string): Promise<string> {
  try {
    return await Deno.makeTempDir({ prefix: purpose });
  } catch (error) {
    const variable = Deno.build.os === "windows" ? "TEMP" : "TMPDIR";
    throw new Error(
      `the folder for temporary files (${variable}) cannot be written to (${messageOf(error)}); ` +
        `set ${variable} to a folder that can`,
      { cause: error },
    );
  }
}

/** Removes the folders of killed processes for this purpose. */
async function removeAbandoned(parent: string, purpose: string): Promise<void> {
  for (const { name, isDirectory } of await Array.fromAsync(Deno.readDir(parent))) {
    if (!isDirectory || !name.startsWith(purpose)) continue;
    const folder = join(parent, name);
    try {
      using _lock = lockFolder(folder);
      await removeIfPresent(folder);
    } catch {
      // It is in use, or another user's.
    }
  }
}
