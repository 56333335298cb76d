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

function information(path: string): Deno.FileInfo | undefined {
  const { NotFound, NotADirectory, FilesystemLoop } = Deno.errors;
  try {
    return Deno.statSync(path);
  } catch (error) {
    if ([NotFound, NotADirectory, FilesystemLoop].some((kind) => error instanceof kind)) {
      return undefined;
    }
    throw error;
  }
}
