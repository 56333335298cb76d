/**
 * Looking whether there is a file or a folder.
 *
 * @module
 */

/** Whether a path is that of a file, or of a link to one. */
export function isFile(path: string): boolean {
  return information(path)?.isFile ?? false;
}

/** Whether a path is that of a folder, or of a link to one. */
export function isFolder(path: string): boolean {
  return information(path)?.isDirectory ?? false;
}

/** Whether a path is that of anything, be it a link that leads nowhere. */
export function exists(path: string): boolean {
  return information(path, Deno.lstatSync) !== undefined;
}

/** What the system says of a file, a folder, or what a link leads to; undefined if none is there. */
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
