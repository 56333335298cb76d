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
  { progress, signal }: DownloadOptions = {},
): Promise<string | undefined> {
  const paths: string[] = [];
  for (const split of ["train", "val"] as const) {
    const files = isFolder(`${folder}/${split}`) ? await filesBelow(`${folder}/${split}`) : [];
    const found = files.filter((path) => path.endsWith(".JPEG"));
    if (found.length !== pictures[split]) {
      return `${split} holds ${found.length} pictures instead of ${pictures[split]}`;
    }
    paths.push(...found.map((path) => `${split}/${path}`));
  }
  if (depth === "number") return undefined;
  const display = progress?.("checking", "pictures");
  const hash = createHash("sha256");
  try {
    for (const [n, path] of paths.sort().entries()) {
      signal?.throwIfAborted();
      display?.update(n, paths.length);
      hash.update(`${sha256(await Deno.readFile(`${folder}/${path}`))}  ${path}\n`);
    }
    display?.update(paths.length, paths.length);
  } finally {
    display?.stop();
  }
  const digest = hash.digest("hex");
  return digest === contentDigest
    ? undefined
    : `the pictures have the digest ${digest} instead of ${contentDigest}`;
}
