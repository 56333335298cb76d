/**
 * Decoded pictures on disk, so that an epoch costs no decoding.
 *
 * @module
 */
import { basename, resolve } from "@std/path";
import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { AtomicFile } from "../files/atomic_file.ts";
import { DATA_FOLDER } from "./data_folder.ts";
import { decodeImage } from "./decode.ts";
import { messageOf } from "../files/error_message.ts";
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
  /** Is told about decoding, if there is any to do. */
  readonly progress?: Progress;
}

/**
 * Opens the cache of a data set for a size. It is made first if there is none, and again if a
 * picture is missing from it or a picture's file has another size or time of modification than then.
 *
 * Two processes may do this at once: each writes a file of its own and renames it when complete.
 *
 * @throws {Error} if a picture cannot be read or decoded, or the cache cannot be written; a cache
 * that was there before is still there then
 */
export async function openPixelCache(options: PixelCacheOptions): Promise<PixelCache> {
  const sources = sourcesOf(options);
  const path = cachePath(options);
  const present = openIfCurrent(path, sources);
  if (present !== undefined) return present;
  await build(path, sources, options);
  const made = openIfCurrent(path, sources);
  if (made === undefined) {
    throw new Error(
      `${path}: replaced by another run with other pictures; give each its own cache folder`,
    );
  }
  return made;
}

/** The pictures of a data set, decoded and resized on one axis. */
export class PixelCache {
  /** Path of the cache file. */
  readonly path: string;
  /** Side of the network's input in pixels. */
  readonly size: number;
  /** Equal for caches made of the same pictures. */
  readonly id: string;
  readonly #file: PixelFile;
  readonly #positions: ReadonlyMap<string, number>;

  /** Takes over an open file. */
  constructor(file: PixelFile) {
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

function sourcesOf({ root, images }: PixelCacheOptions): Source[] {
  const paths = [...new Set(images.map(({ path }) => path))].sort();
  return paths.map((path) => {
    try {
      const { size, mtime } = Deno.statSync(`${root}/${path}`);
      return { path, bytes: size, modified: mtime?.getTime() ?? null };
    } catch (error) {
      throw new Error(`${root}/${path}: cannot be read (${messageOf(error)}); restore the file`, {
        cause: error,
      });
    }
  });
}

/** Data sets of the same name in different places have different caches. */
function cachePath(
  { root, size, cacheFolder = `${DATA_FOLDER}/cache` }: PixelCacheOptions,
): string {
  const folder = resolve(root);
  const place = createHash("sha256").update(folder).digest("hex").slice(0, 8);
  return `${cacheFolder}/${basename(folder)}-${place}-${size}px.pixels`;
}

function openIfCurrent(path: string, sources: readonly Source[]): PixelCache | undefined {
  let file: PixelFile;
  try {
    file = new PixelFile(path);
  } catch {
    // Missing, damaged or of another format: it is made again from the pictures.
    return undefined;
  }
  const entries = new Map(file.entries.map((entry) => [entry.path, entry]));
  const current = sources.every(({ path, bytes, modified }) => {
    const entry = entries.get(path);
    return entry?.bytes === bytes && entry.modified === modified;
  });
  if (current) return new PixelCache(file);
  file.close();
  return undefined;
}

/** Makes a cache file. */
async function build(path: string, sources: readonly Source[], options: PixelCacheOptions) {
  const { root, size, progress } = options;
  const file = await AtomicFile.create(path);
  try {
    progress?.update(0, sources.length);
    const pictures: PixelEntry[] = [];
    let offset = 0;
    for await (const { pixels, width, height } of decodeInOrder(root, sources, size)) {
      await file.write(pixels);
      pictures.push({ ...sources[pictures.length]!, width, height, offset });
      offset += pixels.length;
      progress?.update(pictures.length, sources.length);
    }
    await file.write(encodeIndex({ size, pictures }));
    await file.commit();
  } finally {
    await file.discard();
    progress?.stop();
  }
}

/** Decodes a few pictures at a time and yields them in the order of the sources. */
async function* decodeInOrder(
  root: string,
  sources: readonly Source[],
  size: number,
): AsyncGenerator<HalfResizedPicture> {
  const underWay: Promise<HalfResizedPicture>[] = [];
  const atOnce = 2 * availableParallelism();
  try {
    for (const { path } of sources) {
      const picture = decodeImage(`${root}/${path}`).then((whole) => resizeLongAxis(whole, size));
      // A failure is met when its turn comes; until then it must not count as unhandled.
      picture.catch(() => {});
      underWay.push(picture);
      if (underWay.length === atOnce) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    await Promise.allSettled(underWay);
  }
}
