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
  return isForWantOfSpace(error)
    ? `cannot be written because the disk is full (${reason}); free some space or choose another folder`
    : `cannot be written (${reason}); choose a folder that can be written to`;
}

function isForWantOfSpace(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOSPC" || code === "EDQUOT";
}
