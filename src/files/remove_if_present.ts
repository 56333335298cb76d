import { rm } from "node:fs/promises";

/**
 * Deletes a file, or a folder with all that is in it.
 *
 * @throws {Error} the system's, if it is there and cannot be deleted
 */
export async function removeIfPresent(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
