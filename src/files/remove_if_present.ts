/**
 * Deleting what may not be there.
 *
 * @module
 */

/**
 * Deletes a file, or a folder with all that is in it.
 *
 * @throws {Error} the system's, if it is there and cannot be deleted
 */
export async function removeIfPresent(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
