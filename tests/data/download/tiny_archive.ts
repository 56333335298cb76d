/** Archives of a few tiny files, and what a download should know of them. */
import { packTar, type TarHeader } from "modern-tar";
import { createHash } from "node:crypto";
import type { ArchivedDataset, ArchiveSource } from "../../../src/data/catalogue_entry.ts";

/** The pictures of the tiny data set: bytes that do not compress, so that there are some to send. */
export const TINY_PICTURES: Readonly<Record<string, Uint8Array>> = Object.fromEntries(
  ["train/a/1.JPEG", "train/a/2.JPEG", "train/b/1.JPEG", "val/a/3.JPEG", "val/b/2.JPEG"]
    .map((path) => [path, noise(path, 2000)]),
);

/** An archive, and what is expected of it. */
export interface TinyArchive {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its source if a server at this address has it. */
  readonly at: (address: string) => ArchiveSource;
}

/**
 * The tiny data set as an archive.
 *
 * @param extra entries after it; files hold one byte
 */
export async function tinyArchive(extra: readonly Partial<TarHeader>[] = []): Promise<TinyArchive> {
  const tar = await packTar([
    { header: { name: "tiny/", size: 0, type: "directory" } },
    ...Object.entries(TINY_PICTURES).map(([path, body]) => ({
      header: { name: `tiny/${path}`, size: body.length },
      body,
    })),
    ...extra.map((header) => {
      const size = header.type === undefined || header.type === "file" ? 1 : 0;
      return { header: { name: "tiny/x", size, ...header }, body: new Uint8Array(size) };
    }),
  ]);
  const bytes = await gzip(tar);
  return {
    bytes,
    at: (address) => ({
      url: `${address}/tiny.tgz`,
      bytes: bytes.length,
      md5: createHash("md5").update(bytes).digest("hex"),
      folder: "tiny",
      pictures: { train: 3, val: 2 },
      contentDigest: digestOf(TINY_PICTURES),
      limits: { entries: 20, bytes: 50_000 },
    }),
  };
}

/** The tiny data set as the catalogue would have it. */
export function tinyDataset(archive: ArchiveSource): ArchivedDataset {
  return {
    name: "tiny",
    title: "Tiny",
    groups: { known: ["a"], unknown: [], unseen: ["b"] },
    categoryNames: {},
    counts: {
      train: { known: 2, unknown: 0, unseen: 0 },
      test: { known: 1, unknown: 0, unseen: 1 },
    },
    variable: "TINY_DIR",
    archive,
  };
}

/** Compresses bytes. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip")))
    .bytes();
}

/** What `sha256sum` prints of what it prints of the pictures. */
function digestOf(pictures: Readonly<Record<string, Uint8Array>>): string {
  const sha256 = (data: Uint8Array | string) => createHash("sha256").update(data).digest("hex");
  return sha256(
    Object.keys(pictures).sort().map((path) => `${sha256(pictures[path]!)}  ${path}\n`).join(""),
  );
}

function noise(seed: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 32) {
    const block = createHash("sha256").update(`${seed} ${at}`).digest();
    bytes.set(block.subarray(0, length - at), at);
  }
  return bytes;
}
