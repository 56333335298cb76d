import { rm } from "node:fs/promises";

/**
 * Deletes a file, or a folder with everything in it.
 *
 * @throws {Error} the system's error, if it exists and cannot be deleted
 */
export async function removeIfPresent(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
