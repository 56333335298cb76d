/**
 * The reason inside a longer error message.
 *
 * @module
 */

/** The first line of what an error says. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split("\n")[0]!;
}
