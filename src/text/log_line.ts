/**
 * What a program says of its work, on standard error: standard output is for results.
 *
 * @module
 */
import process from "node:process";

// Behind a closed terminal nobody reads any more, which is no reason to end without saving.
process.stderr.on("error", () => {});

/** Writes a line to standard error, where that is still open. */
export function logLine(line: string): void {
  try {
    console.error(line);
  } catch {
    // The terminal is closed.
  }
}
