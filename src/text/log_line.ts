/**
 * What a program says of its work, on standard error: standard output is for results.
 *
 * @module
 */
import process from "node:process";
import { asOneLine } from "./escaped_text.ts";

// Behind a closed terminal nobody reads any more, which is no reason to end without saving.
process.stderr.on("error", () => {});

/** Writes one line to standard error, where that is still open, whatever names are in it. */
export function logLine(line: string): void {
  try {
    console.error(asOneLine(line));
  } catch {
    // The terminal is closed.
  }
}
