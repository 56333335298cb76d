/**
 * Decoded pictures on disk, so that an epoch costs no decoding.
 *
 * @module
 */
import { basename, resolve } from "@std/path";
import { createHash } from "node:crypto";
import { AtomicFile } from "../files/atomic_file.ts";
import { DATA_FOLDER } from "./data_folder.ts";
import { messageOf } from "../files/error_message.ts";
import type { UnusableFile } from "./dataset.ts";
import { decodeImage, UnusableImage } from "./decode.ts";
import { inParallel } from "./in_parallel.ts";
import { encodeIndex, type PixelEntry, PixelFile } from "./pixel_file.ts";
import type { Progress } from "./progress.ts";
import { type HalfResizedPicture, resizeLongAxis } from "./resize.ts";

/** What {@linkcode openPixelCache} needs to know. */
export interface PixelCacheOptions {
  /** The data set's folder. */
  readonly root: string;
  /** All pictures that will be asked for, training and test; paths are relative to the root. */
  readonly images: readonly { readonly path: string }[];
  /** Side of the network's input in pixels. */
  readonly size: number;
  /** Where caches are kept, by default `data/cache` in this project; made if it is not there. */
  readonly cacheFolder?: string;
  /** Whether pictures that cannot be used are left out, and not an error. */
  readonly skipBad?: boolean;
  /** Receives how far the decoding is, if there is any to do. */
  readonly progress?: Progress;
  /** Stops the decoding; nothing of it is kept then. */
  readonly signal?: AbortSignal;
}

/**
 * Opens the cache of a data set for a size. It is made first if there is none, and again if a
 * picture is missing from it or a picture's file has another size or time of modification than then.
 *
 * All pictures are decoded before the bad ones are reported, and the good ones are kept: once the
 * bad ones are gone, or to be skipped, nothing is decoded again.
 *
 * Two processes may do this at once: each writes a file of its own and renames it when complete.
 *
 * @throws {Error} if pictures cannot be read or decoded and are not to be skipped, or if the cache
 * cannot be written; then one that was there before is still there
 * @throws the reason of the signal, if it is aborted
 */
export async function openPixelCache(options: PixelCacheOptions): Promise<PixelCache> {
  const path = cachePath(options);
  const files = findFiles(options);
  const cache = await openIfCurrent(path, files, options) ?? await make(path, files, options);
  if (cache.leftOut.length > 0 && !options.skipBad) {
    cache.close();
    throw unusableFiles(options.root, cache.leftOut);
  }
  return cache;
}

/** The pictures of a data set, decoded and resized on one axis. */
export class PixelCache {
  /** Path of the cache file. */
  readonly path: string;
  /** Side of the network's input in pixels. */
  readonly size: number;
  /** Equal for caches made of the same pictures. */
  readonly id: string;
  /** The pictures that were asked for and cannot be used. */
  readonly leftOut: readonly UnusableFile[];
  readonly #file: PixelFile;
  readonly #positions: ReadonlyMap<string, number>;

  /** Takes over an open file. */
  constructor(file: PixelFile, leftOut: readonly UnusableFile[]) {
    this.leftOut = leftOut;
    this.path = file.path;
    this.size = file.size;
    this.id = file.id;
    this.#file = file;
    this.#positions = new Map(file.entries.map(({ path }, position) => [path, position]));
  }

  /**
   * Where a picture stands in the cache file.
   *
   * @param path relative to the data set's folder
   * @throws {Error} if the cache was opened without that picture
   */
  positionOf(path: string): number {
    const position = this.#positions.get(path);
    if (position === undefined) {
      throw new Error(`${path} is not in ${this.path}; open the cache with all pictures needed`);
    }
    return position;
  }

  /**
   * Reads one picture.
   *
   * @param path relative to the data set's folder
   * @throws {Error} if the cache was opened without that picture, or its file is damaged
   */
  read(path: string): HalfResizedPicture {
    return this.#file.read(this.#file.entries[this.positionOf(path)]!);
  }

  /** Closes the file. Batches made from this cache go on: their workers open it on their own. */
  close(): void {
    this.#file.close();
  }
}

/** What identifies a picture's file, without reading it. */
type Source = Pick<PixelEntry, "path" | "bytes" | "modified">;

/** The files asked for, each sorted by path. */
interface FoundFiles {
  readonly sources: readonly Source[];
  /** Those that are not there, or no files. */
  readonly unusable: readonly UnusableFile[];
}

function findFiles({ root, images }: PixelCacheOptions): FoundFiles {
  const sources: Source[] = [];
  const unusable: UnusableFile[] = [];
  for (const path of [...new Set(images.map(({ path }) => path))].sort()) {
    try {
      const { size, mtime, isFile } = Deno.statSync(`${root}/${path}`);
      if (isFile) sources.push({ path, bytes: size, modified: mtime?.getTime() ?? null });
      else unusable.push({ path, reason: "not a file" });
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      const isGone = error instanceof Deno.errors.NotFound;
      unusable.push({
        path,
        reason: isGone ? "no such file" : `cannot be read (${messageOf(error)})`,
      });
    }
  }
  return { sources, unusable };
}

/** Data sets of the same name in different places have different caches. */
function cachePath(
  { root, size, cacheFolder = `${DATA_FOLDER}/cache` }: PixelCacheOptions,
): string {
  const folder = resolve(root);
  const place = createHash("sha256").update(folder).digest("hex").slice(0, 8);
  return `${cacheFolder}/${basename(folder)}-${place}-${size}px.pixels`;
}

async function openIfCurrent(
  path: string,
  { sources, unusable }: FoundFiles,
  { root, size, signal }: PixelCacheOptions,
): Promise<PixelCache | undefined> {
  let file: PixelFile;
  try {
    file = new PixelFile(path);
  } catch {
    // Missing, damaged or of another format: it is made again from the pictures.
    return undefined;
  }
  const absent = absentFrom(file, sources);
  const failed = new Set(file.unusable);
  if (absent.every((source) => failed.has(source.path))) {
    // What failed is tried again, because size and date do not tell whether it can be read now.
    const again = await Array.fromAsync(decodeInOrder(root, absent, size, signal));
    const stillUnusable = again.filter(isUnusable);
    if (stillUnusable.length === again.length) {
      return new PixelCache(file, [...unusable, ...stillUnusable]);
    }
  }
  file.close();
  return undefined;
}

async function make(
  path: string,
  { sources, unusable }: FoundFiles,
  options: PixelCacheOptions,
): Promise<PixelCache> {
  const undecoded = await build(path, sources, options);
  const file = new PixelFile(path);
  const failed = new Set(file.unusable);
  if (absentFrom(file, sources).some((source) => !failed.has(source.path))) {
    file.close();
    throw new Error(
      `${path}: replaced by another run with other pictures; give each its own cache folder`,
    );
  }
  return new PixelCache(file, [...unusable, ...undecoded]);
}

/** Those whose pixels the file does not hold, or not as they are now. */
function absentFrom(file: PixelFile, sources: readonly Source[]): Source[] {
  const entries = new Map(file.entries.map((entry) => [entry.path, entry]));
  return sources.filter(({ path, bytes, modified }) => {
    const entry = entries.get(path);
    return entry?.bytes !== bytes || entry.modified !== modified;
  });
}

/** Makes a cache file of those pictures that can be decoded, and returns the others. */
async function build(
  path: string,
  sources: readonly Source[],
  { root, size, progress, signal }: PixelCacheOptions,
): Promise<UnusableFile[]> {
  const file = await AtomicFile.create(path);
  try {
    progress?.update(0, sources.length);
    const pictures: PixelEntry[] = [];
    const unusable: UnusableFile[] = [];
    let offset = 0;
    for await (const picture of decodeInOrder(root, sources, size, signal)) {
      const source = sources[pictures.length + unusable.length]!;
      if (isUnusable(picture)) {
        unusable.push(picture);
      } else {
        const { pixels, width, height } = picture;
        await file.write(pixels);
        pictures.push({ ...source, width, height, offset });
        offset += pixels.length;
      }
      progress?.update(pictures.length + unusable.length, sources.length);
    }
    await file.write(encodeIndex({ size, pictures, unusable: unusable.map(({ path }) => path) }));
    await file.commit();
    return unusable;
  } finally {
    await file.discard();
    progress?.stop();
  }
}

/** Decodes a few pictures at a time and yields them in the order of the sources. */
function decodeInOrder(
  root: string,
  sources: readonly Source[],
  size: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<HalfResizedPicture | UnusableFile> {
  return inParallel(sources, ({ path }) => {
    signal?.throwIfAborted();
    return decode(root, path, size);
  });
}

async function decode(
  root: string,
  path: string,
  size: number,
): Promise<HalfResizedPicture | UnusableFile> {
  try {
    return resizeLongAxis(await decodeImage(`${root}/${path}`), size);
  } catch (error) {
    if (error instanceof UnusableImage) return { path, reason: error.reason };
    throw error;
  }
}

function isUnusable(picture: HalfResizedPicture | UnusableFile): picture is UnusableFile {
  return "reason" in picture;
}

/** How many files a message names. */
const SHOWN_FILES = 5;

function unusableFiles(root: string, files: readonly UnusableFile[]): Error {
  const named = files.slice(0, SHOWN_FILES).map(({ path, reason }) => `${root}/${path}: ${reason}`);
  if (files.length === 1) {
    return new Error(`${named}; replace the file or delete it, or leave it out with --skip-bad`);
  }
  const more = files.length - SHOWN_FILES;
  if (more > 0) named.push(`and ${more} more`);
  return new Error(
    `${files.length} pictures cannot be used: ${named.join("; ")}; replace or delete them, or ` +
      "leave them out with --skip-bad",
  );
}
