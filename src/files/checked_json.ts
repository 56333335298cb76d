import type { z } from "zod";
import { messageOf } from "./error_message.ts";
import { checked } from "./misfit.ts";
import { readWholeFile, writeWholeFile } from "./whole_file.ts";

/**
 * Writes a value that fits the schema, as JSON; the file appears whole or not at all.
 *
 * @throws {Error} that names the file and the fields that do not fit; nothing is written then.
 */
export async function writeCheckedJson<T>(
  path: string,
  schema: z.ZodType<T>,
  value: T,
): Promise<void> {
  const fitting = requireFit(path, schema, value, "this is an error in the program");
  await writeWholeFile(path, compactJson(fitting));
}

/**
 * Reads a JSON file whose value fits the schema.
 *
 * @param remedy what to do about a missing or damaged file, for the message
 * @throws {Error} that names the file and the fields that do not fit.
 */
export async function readCheckedJson<T>(
  path: string,
  schema: z.ZodType<T>,
  remedy: string,
): Promise<T> {
  const text = await readWholeFile(path, remedy);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path}: not JSON (${messageOf(error)}); ${remedy}`, { cause: error });
  }
  return requireFit(path, schema, value, remedy);
}

const LINE_WIDTH = 100;

/** Indented JSON with every short list or object of plain values on one line. */
function compactJson(value: unknown): string {
  const innermost = /[[{]\n[^[\]{}]*\n\s*[\]}]/g;
  const text = JSON.stringify(value, null, 2).replace(innermost, (lines) => {
    // Line breaks inside strings are escaped, so all of these are between values.
    const line = lines.replace(/\n\s*/g, " ");
    return line.length <= LINE_WIDTH ? line : lines;
  });
  return text + "\n";
}

/**
 * Requires that a value fits the schema, and returns it.
 *
 * @param path of the file that holds it, or another name for it
 * @throws {Error} that names the fields that do not fit, and ends with the remedy
 */
export function requireFit<T>(
  path: string,
  schema: z.ZodType<T>,
  value: unknown,
  remedy: string,
): T {
  const result = checked(schema, value);
  if (result.misfit === undefined) return result.value;
  throw new Error(`${path}: ${result.misfit}; ${remedy}`);
}
