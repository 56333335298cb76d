/**
 * Decoded pictures on disk, so that epochs need no decoding.
 *
 * @module
 */
import { basename, dirname, resolve } from "@std/path";
import { AtomicFile } from "../files/whole_file.ts";
import { sha256 } from "../files/digest.ts";
import { requireSpace } from "../files/free_space.ts";
import { exists } from "../files/path_kind.ts";
import { DATA_FOLDER } from "./catalogue_entry.ts";
import type { UnusableFile } from "./dataset.ts";
import { decodeImage, UnusableImage } from "./decode.ts";
import { inParallel } from "./in_parallel.ts";
import {
  checksumOf,
  DamagedPixels,
  encodeIndex,
  type PixelEntry,
  PixelFile,
} from "./pixel_file.ts";
import type { Progress } from "./progress.ts";
import { beginResize, type HalfResizedPicture } from "./resize.ts";

/** Options of {@linkcode openPixelCache}. */
export interface PixelCacheOptions {
  /** The data set's folder. */
  readonly root: string;
  /** All pictures that will be used, training and test; paths are relative to the root. */
  readonly images: readonly { readonly path: string }[];
  /** Side of the network's input in pixels. */
  readonly size: number;
  /** Whether pictures are cropped to squares instead of padded. */
  readonly crop?: boolean | undefined;
  /** The folder of caches, by default `data/cache` in this project; made if it is missing. */
  readonly cacheFolder?: string;
  /** Whether unusable pictures are left out instead of being an error. */
  readonly skipBad?: boolean;
  /** Receives the progress of decoding, if there is any to do. */
  readonly progress?: Progress;
  /** Receives the reason why a damaged cache must be made again. */
  readonly log?: (line: string) => void;
  /** Stops the decoding; none of its work is kept. */
  readonly signal?: AbortSignal;
}

/**
 * Opens the cache of a data set for a size, and reads all of it to verify the pixels. The cache is
 * made if there is none, and made again if it is damaged, lacks a picture, or a picture's file has
 * changed its size or modification time.
 *
 * All pictures are decoded before bad ones are reported, and good ones are kept. Two processes may
 * do this at once: each writes a file of its own and renames it when complete.
 *
 * @throws {Error} if pictures cannot be read or decoded and are not to be skipped, or if the cache
 * cannot be written; an earlier cache is kept then
 * @throws the reason of the signal, if it is aborted
 */
export async function openPixelCache(options: PixelCacheOptions): Promise<PixelCache> {
  const { root, size, crop, cacheFolder = `${DATA_FOLDER}/cache`, skipBad } = options;
  const folder = resolve(root);
  // Data sets of the same name in different places have different caches.
  const place = sha256(folder).slice(0, 8);
  const path = `${cacheFolder}/${basename(folder)}-${place}-${size}px${crop ? "-crop" : ""}.pixels`;
  const sources = findSources(options);
  let cache = await openIfCurrent(path, sources, options);
  if (cache === undefined) {
    await build(path, sources, options);
    cache = await openIfCurrent(path, sources, options);
  }
  if (cache === undefined) {
    throw new Error(
      `${path}: replaced by another run with other pictures; give each its own cache folder`,
    );
  }
  if (cache.leftOut.length > 0 && !skipBad) {
    cache.close();
    throw unusableFiles(root, cache.leftOut);
  }
  return cache;
}

/**
 * The pictures of a data set, decoded and resized on one axis. Batches made from a cache keep
 * working after it is closed: their workers open the file themselves.
 */
export interface PixelCache extends PixelFile {
  /** The requested pictures that are unusable. */
  readonly leftOut: readonly UnusableFile[];
}

/** Identifies a picture's file without reading it. */
type Source = Pick<PixelEntry, "path" | "bytes" | "modified">;

/** The requested files, each once, sorted by path. */
function findSources({ root, images }: PixelCacheOptions): Source[] {
  return [...new Set(images.map(({ path }) => path))].sort().map((path) => {
    try {
      const { size, mtime } = Deno.statSync(`${root}/${path}`);
      return { path, bytes: size, modified: mtime?.getTime() ?? null };
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      // Decoding will report the reason.
      return { path, bytes: 0, modified: null };
    }
  });
}

async function openIfCurrent(
  path: string,
  sources: readonly Source[],
  options: PixelCacheOptions,
): Promise<PixelCache | undefined> {
  const file = await openIfWhole(path, options);
  if (file === undefined) return undefined;
  const held = new Map(file.entries.map((entry) => [entry.path, entry]));
  const absent = sources.filter(({ path, bytes, modified }) => {
    const entry = held.get(path);
    return entry?.bytes !== bytes || entry.modified !== modified;
  });
  const leftOut: UnusableFile[] = [];
  // Failed pictures are tried again, because size and date do not tell whether they can be read
  // now.
  for await (const picture of decodeInOrder(absent, options)) {
    if (!isUnusable(picture)) {
      file.close();
      return undefined;
    }
    leftOut.push(picture);
  }
  return Object.assign(file, { leftOut });
}

async function openIfWhole(
  path: string,
  { size, crop = false, log, signal }: PixelCacheOptions,
): Promise<PixelFile | undefined> {
  if (!exists(path)) return undefined;
  let file: PixelFile | undefined;
  try {
    file = new PixelFile(path);
    if (file.size !== size) throw new DamagedPixels(path, `its pictures are of ${file.size} px`);
    if (file.crop !== crop) {
      throw new DamagedPixels(path, `its pictures are ${file.crop ? "cropped" : "padded"}`);
    }
    await file.check(signal);
    return file;
  } catch (error) {
    file?.close();
    if (!(error instanceof DamagedPixels)) throw error;
    log?.(`${path}: not used, because ${error.reason}; the pictures are decoded again`);
    return undefined;
  }
}

/** Makes a cache file from the pictures that can be decoded. */
async function build(
  path: string,
  sources: readonly Source[],
  options: PixelCacheOptions,
): Promise<void> {
  const { size, crop, progress } = options;
  await requireSpace(dirname(path), await decodedBytes(sources, options), "decoded pictures");
  const file = await AtomicFile.create(path);
  try {
    progress?.update(0, sources.length);
    const pictures: PixelEntry[] = [];
    let done = 0;
    for await (const picture of decodeInOrder(sources, options)) {
      const source = sources[done++]!;
      if (!isUnusable(picture)) {
        const { pixels, width, height } = picture;
        await file.write(pixels);
        pictures.push({ ...source, width, height, checksum: checksumOf(pixels) });
      }
      progress?.update(done, sources.length);
    }
    await file.write(encodeIndex({ size, crop, pictures }));
    await file.commit();
  } finally {
    await file.discard();
    progress?.stop();
  }
}

/** The number of pictures from which the size of all is estimated. */
const SAMPLE = 8;

/** The approximate size of a cache in bytes. */
async function decodedBytes(
  sources: readonly Source[],
  options: PixelCacheOptions,
): Promise<number> {
  const step = Math.max(1, Math.ceil(sources.length / SAMPLE));
  const sample = sources.filter((_, index) => index % step === 0);
  let bytes = 0;
  for await (const picture of decodeInOrder(sample, options)) {
    if (!isUnusable(picture)) bytes += picture.pixels.length;
  }
  return bytes * sources.length / Math.max(1, sample.length);
}

/** Decodes a few pictures at a time and yields them in the order of the sources. */
function decodeInOrder(
  sources: readonly Source[],
  { root, size, crop, signal }: PixelCacheOptions,
): AsyncGenerator<HalfResizedPicture | UnusableFile> {
  return inParallel(sources, async ({ path }) => {
    signal?.throwIfAborted();
    try {
      return beginResize(await decodeImage(`${root}/${path}`), size, crop);
    } catch (error) {
      if (error instanceof UnusableImage) return { path, reason: error.reason };
      throw error;
    }
  });
}

function isUnusable(picture: HalfResizedPicture | UnusableFile): picture is UnusableFile {
  return "reason" in picture;
}

function unusableFiles(root: string, files: readonly UnusableFile[]): Error {
  const named = files.slice(0, 5).map(({ path, reason }) => `${root}/${path}: ${reason}`);
  if (files.length === 1) {
    return new Error(`${named}; replace the file or delete it, or leave it out with --skip-bad`);
  }
  if (files.length > 5) named.push(`and ${files.length - 5} more`);
  return new Error(
    `${files.length} pictures cannot be used: ${named.join("; ")}; replace or delete them, or ` +
      "leave them out with --skip-bad",
  );
}
