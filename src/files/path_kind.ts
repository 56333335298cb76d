import { join, relative } from "@std/path";
import { readdir } from "node:fs/promises";
import { sep } from "node:path";

/** Whether a path leads to a file, directly or through a link. */
export function isFile(path: string): boolean {
  return information(path)?.isFile ?? false;
}

/** Whether a path is that of a file itself, not of a link to one. */
export function isPlainFile(path: string): boolean {
  return information(path, Deno.lstatSync)?.isFile ?? false;
}

/** Whether a path leads to a folder, directly or through a link. */
export function isFolder(path: string): boolean {
  return information(path)?.isDirectory ?? false;
}

/** Whether there is anything at a path, even a broken link. */
export function exists(path: string): boolean {
  return information(path, Deno.lstatSync) !== undefined;
}

/** Paths of all files below a folder, relative to it, with `/` between names. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll(sep, "/"));
}

/**
 * The system's information about a file, a folder, or the target of a link; undefined if there is
 * none.
 */
export function information(path: string, look = Deno.statSync): Deno.FileInfo | undefined {
  const { NotFound, NotADirectory, FilesystemLoop } = Deno.errors;
  try {
    return look(path);
  } catch (error) {
    if ([NotFound, NotADirectory, FilesystemLoop].some((kind) => error instanceof kind)) {
      return undefined;
    }
    throw error;
  }
}
