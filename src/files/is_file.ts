/**
 * Looking whether a file is there.
 *
 * @module
 */

/** Whether a path is that of a file, or of a link to one. */
export function isFile(path: string): boolean {
  const { NotFound, NotADirectory, FilesystemLoop } = Deno.errors;
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if ([NotFound, NotADirectory, FilesystemLoop].some((kind) => error instanceof kind)) {
      return false;
    }
    throw error;
  }
}
