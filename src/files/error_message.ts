/**
 * Reasons inside of longer error messages.
 *
 * @module
 */

/** The first line of what an error says. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split("\n")[0]!;
}

/** Why something could not be written, and the remedy. */
export function writeProblem(error: unknown): string {
  const reason = messageOf(error);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOSPC" || code === "EDQUOT"
    ? `cannot be written because the disk is full (${reason}); free some space or choose another folder`
    : `cannot be written (${reason}); choose a folder that can be written to`;
}

/** The error that something could not be written: where, why, and the remedy. */
export function notWritten(path: string, cause: unknown): Error {
  return new Error(`${path}: ${writeProblem(cause)}`, { cause });
}

/**
 * Writes something.
 *
 * @throws {Error} with the path and the remedy, if that fails
 */
export async function writing<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw notWritten(path, error);
  }
}
