/**
 * Messages about a program's progress, on standard error; standard output is for results.
 *
 * @module
 */
import process from "node:process";
import { asOneLine } from "./escaped_text.ts";

// A closed terminal is no reason to exit without saving.
process.stderr.on("error", () => {});

/** Writes one line to standard error if that is still open; control characters are escaped. */
export function logLine(line: string): void {
  try {
    console.error(asOneLine(line));
  } catch {
    // The terminal is closed.
  }
}
