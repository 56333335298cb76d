/**
 * Detects changes to a run's tables: `config.json` has a digest of each, which also reveals changes
 * that leave a table well-formed.
 *
 * @module
 */
import { z } from "zod";
import { sha256 } from "../files/digest.ts";
import { isFile } from "../files/path_kind.ts";
import { readWholeBytes } from "../files/whole_file.ts";
import { RUN_REMEDY } from "./run_remedy.ts";

const digest = z.string().regex(/^[0-9a-f]{64}$/, "not a SHA-256 in hexadecimal");

/** Schema of the digests (SHA-256 of the bytes) of a run's tables. */
export const fileDigestsSchema = z.strictObject({
  predictions: digest,
  history: digest,
  fittedScores: digest.optional(),
}).readonly();

/** Digests by the content of the tables. */
export type FileDigests = z.infer<typeof fileDigestsSchema>;

/** The digest of a file; undefined if there is none. */
export async function fileDigest(path: string): Promise<string | undefined> {
  return isFile(path) ? sha256(await readWholeBytes(path, RUN_REMEDY)) : undefined;
}

/**
 * Requires that a run's tables are unchanged.
 *
 * @param paths paths of all tables that a run may have
 * @throws {Error} that names the first changed table, and the way out
 */
export async function requireUnedited(
  paths: Readonly<Record<keyof FileDigests, string>>,
  written: FileDigests,
): Promise<void> {
  for (const [table, path] of Object.entries(paths)) {
    const there = await fileDigest(path);
    const expected = written[table as keyof FileDigests];
    if (there === expected) continue;
    const fault = there === undefined
      ? "it is missing"
      : expected === undefined
      ? "the run wrote no such file"
      : `it was edited after the run wrote it (its SHA-256 is ${there}, and was ${expected})`;
    throw new Error(`${path}: ${fault}; restore it as it was, or ${RUN_REMEDY}`);
  }
}
