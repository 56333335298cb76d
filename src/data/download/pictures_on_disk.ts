/**
 * Whether a folder holds the pictures it should.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { sha256 } from "../../files/digest.ts";
import { filesBelow, isFolder } from "../../files/path_kind.ts";
import type { ArchiveSource } from "../catalogue_entry.ts";
import type { DownloadOptions } from "./download_archive.ts";

/**
 * Counts the pictures, and reads them if their number is the expected one.
 *
 * @param depth whether the number is enough, or the digest of all pictures counts as well
 * @returns what is wrong, if anything
 */
export async function wrongPictures(
  folder: string,
  { pictures, contentDigest }: ArchiveSource,
  depth: "number" | "content",
  options: DownloadOptions = {},
): Promise<string | undefined> {
  const paths: string[] = [];
  for (const split of ["train", "val"] as const) {
    const found = await picturesBelow(folder, split);
    if (found.length !== pictures[split]) {
      return `${split} holds ${found.length} pictures instead of ${pictures[split]}`;
    }
    paths.push(...found);
  }
  if (depth === "number") return undefined;
  const digest = await digestOf(folder, paths.sort(), options);
  return digest === contentDigest
    ? undefined
    : `the pictures have the digest ${digest} instead of ${contentDigest}`;
}

async function digestOf(
  folder: string,
  paths: readonly string[],
  { progress, signal }: DownloadOptions,
): Promise<string> {
  const display = progress?.("checking", "pictures");
  const digest = createHash("sha256");
  try {
    for (const [n, path] of paths.entries()) {
      signal?.throwIfAborted();
      display?.update(n, paths.length);
      digest.update(`${sha256(await Deno.readFile(`${folder}/${path}`))}  ${path}\n`);
    }
    display?.update(paths.length, paths.length);
  } finally {
    display?.stop();
  }
  return digest.digest("hex");
}

/** Paths of the `.JPEG` files below a folder, which may be missing, relative to the root. */
async function picturesBelow(root: string, folder: string): Promise<string[]> {
  if (!isFolder(`${root}/${folder}`)) return [];
  const paths = await filesBelow(`${root}/${folder}`);
  return paths.filter((path) => path.endsWith(".JPEG")).map((path) => `${folder}/${path}`);
}
