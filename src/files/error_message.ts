/** The first line of an error's message, for the reason inside a longer message. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split("\n")[0]!;
}

/** A file or folder could not be written; the message names the path, the reason and the remedy. */
export class NotWritten extends Error {
  constructor(path: string, cause: unknown) {
    const reason = messageOf(cause);
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const problem = code === "ENOSPC" || code === "EDQUOT"
      ? `because the disk is full (${reason}); free some space or choose another folder`
      : code === "EFBIG" || /^File too large/.test(reason)
      ? `because files may not be so large (${reason}); raise the limit (ulimit -f unlimited) or ` +
        "choose another folder"
      : `(${reason}); choose a folder that can be written to`;
    super(`${path}: cannot be written ${problem}`, { cause });
  }
}

/**
 * Runs an action that writes.
 *
 * @param path of the written file or folder, for the message
 * @throws {NotWritten} if the action fails
 */
export async function writing<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new NotWritten(path, error);
  }
}
