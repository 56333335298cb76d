/**
 * Whether a folder holds the pictures it should.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { ShowProgress } from "../progress.ts";
import type { ArchiveSource } from "./archive_source.ts";

const SPLITS = ["train", "val"] as const;

/**
 * Counts the pictures.
 *
 * @returns what is wrong with their number, if anything
 */
export async function wrongCount(
  folder: string,
  { pictures }: ArchiveSource,
): Promise<string | undefined> {
  for (const split of SPLITS) {
    const count = (await picturesBelow(folder, split)).length;
    if (count !== pictures[split]) {
      return `${split} holds ${count} pictures instead of ${pictures[split]}`;
    }
  }
  return undefined;
}

/**
 * Reads all pictures.
 *
 * @returns what is wrong with their digest, if anything
 */
export async function wrongContent(
  folder: string,
  { contentDigest }: ArchiveSource,
  progress?: ShowProgress,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const digest = await digestOf(folder, progress, signal);
  return digest === contentDigest
    ? undefined
    : `the pictures have the digest ${digest} instead of ${contentDigest}`;
}

async function digestOf(
  folder: string,
  progress?: ShowProgress,
  signal?: AbortSignal,
): Promise<string> {
  const paths: string[] = [];
  for (const split of SPLITS) paths.push(...await picturesBelow(folder, split));
  const display = progress?.("checking", "pictures");
  const digest = createHash("sha256");
  try {
    for (const [n, path] of paths.sort().entries()) {
      signal?.throwIfAborted();
      display?.update(n, paths.length);
      const bytes = await Deno.readFile(`${folder}/${path}`);
      digest.update(`${createHash("sha256").update(bytes).digest("hex")}  ${path}\n`);
    }
    display?.update(paths.length, paths.length);
  } finally {
    display?.stop();
  }
  return digest.digest("hex");
}

/** Paths of the `.JPEG` files below a folder, which may be missing, relative to the root. */
async function picturesBelow(root: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name, isFile, isDirectory } of Deno.readDir(`${root}/${folder}`)) {
      const path = `${folder}/${name}`;
      if (isDirectory) found.push(...await picturesBelow(root, path));
      else if (isFile && name.endsWith(".JPEG")) found.push(path);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return [];
    }
    throw error;
  }
  return found;
}
