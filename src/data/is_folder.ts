/**
 * Looking whether a folder is there.
 *
 * @module
 */

/** Whether a path is that of a folder, or of a link to one. */
export function isFolder(path: string): boolean {
  const { NotFound, NotADirectory, FilesystemLoop } = Deno.errors;
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if ([NotFound, NotADirectory, FilesystemLoop].some((kind) => error instanceof kind)) {
      return false;
    }
    throw error;
  }
}
