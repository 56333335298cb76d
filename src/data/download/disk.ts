/**
 * Errors of the disk.
 *
 * @module
 */
import { basename } from "@std/path";
import { writeProblem } from "../../files/error_message.ts";
import { formatAmount, MEGABYTES } from "../progress.ts";
import { type ArchiveSource, bytesNeeded } from "./archive_source.ts";

/** Something could not be written; says where, and how much space the archive needs in all. */
export class DiskProblem extends Error {
  override readonly name = "DiskProblem";

  constructor(path: string, source: ArchiveSource, cause: unknown) {
    const needed = formatAmount(bytesNeeded(source), MEGABYTES);
    super(
      `${path}: ${writeProblem(cause)}; ${basename(source.url)} needs ${needed} of free space ` +
        "while it is unpacked",
      { cause },
    );
  }
}

/**
 * Changes something on the disk.
 *
 * @throws {DiskProblem} if that fails
 */
export async function onDisk<T>(
  path: string,
  source: ArchiveSource,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new DiskProblem(path, source, error);
  }
}
