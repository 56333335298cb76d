/**
 * The file format of the pixel cache.
 *
 * The pictures come first, 8-bit RGB one after another, each with one axis resized and the other at
 * full resolution (see `resize.ts`). After them come an index in JSON, the index's SHA-256, its
 * length (8 bytes, little endian) and eight bytes that name the format. The index has a checksum of
 * every picture, so that no damaged one is used in training or testing.
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { z } from "zod";
import { sha256 } from "../files/digest.ts";
import { messageOf } from "../files/error_message.ts";
import { exists, isPlainFile } from "../files/path_kind.ts";
import { halfResizedBytes, type HalfResizedPicture, MAX_PIXELS } from "./resize.ts";

/** Change it whenever the meaning of a file's bytes changes. */
const FORMAT = "PIXELS04";
const DIGEST_BYTES = 32;
const TRAILER_BYTES = DIGEST_BYTES + 16;

const indexSchema = z.object({
  /** Length of the resized axis in pixels. */
  size: z.int().positive(),
  /** Whether pictures are cropped to squares instead of padded. */
  crop: z.boolean().optional(),
  pictures: z.array(
    z.object({
      /** Relative to the data set's folder. */
      path: z.string(),
      /** Size of the picture's own file. */
      bytes: z.int().nonnegative(),
      /** Modification time of the picture's own file, in milliseconds; null if unknown. */
      modified: z.int().nullable(),
      width: z.int().positive(),
      height: z.int().positive(),
      /** CRC-32 of its pixels in this file. */
      checksum: z.int().nonnegative(),
    }).refine(({ width, height }) => width * height <= MAX_PIXELS, "the picture is too large"),
  ),
});

/** The contents of a pixel file and their places. */
export type PixelIndex = z.infer<typeof indexSchema>;

/** One picture of a pixel file. */
export type PixelEntry = PixelIndex["pictures"][number];

/** The bytes at the end of a pixel file, after the pixels. */
export function encodeIndex(index: PixelIndex): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(index));
  const bytes = new Uint8Array(json.length + TRAILER_BYTES);
  bytes.set(json);
  bytes.set(Uint8Array.fromHex(sha256(json)), json.length);
  const end = json.length + DIGEST_BYTES;
  new DataView(bytes.buffer).setBigUint64(end, BigInt(json.length), true);
  bytes.set(new TextEncoder().encode(FORMAT), end + 8);
  return bytes;
}

/** A checksum that reveals changed pixels. */
export function checksumOf(pixels: Uint8Array): number {
  return crc32(pixels);
}

/** A pixel file that has changed since it was written, or has another format. */
export class DamagedPixels extends Error {
  override readonly name = "DamagedPixels";

  /** @param reason what is wrong */
  constructor(readonly path: string, readonly reason: string) {
    super(`${path}: not a complete pixel cache, ${reason}; delete it to rebuild it`);
  }
}

/** Bytes read at once when checking: many small reads would take ten times as long. */
const CHECKED_AT_ONCE = 16e6;

/** Reads pictures from a pixel file by their offsets; never loads the whole file. */
export class PixelFile {
  /** Path of the file. */
  readonly path: string;
  /** Length of the resized axis in pixels. */
  readonly size: number;
  /** Whether pictures are cropped to squares instead of padded. */
  readonly crop: boolean;
  /** The pictures in the order of the file. */
  readonly entries: readonly PixelEntry[];
  /** SHA-256 of the index: equal for files made of the same pictures. */
  readonly id: string;
  readonly #file: Deno.FsFile;
  /** Offsets of the pictures, and the end of the last one. */
  readonly #offsets: readonly number[];
  readonly #positions: ReadonlyMap<string, number>;

  /**
   * Opens a pixel file.
   *
   * @throws {DamagedPixels} if it has another format, or its index is damaged
   * @throws {Error} if it cannot be opened
   */
  constructor(path: string) {
    this.path = path;
    if (exists(path) && !isPlainFile(path)) throw this.#damage("it is not a plain file");
    try {
      this.#file = Deno.openSync(path);
    } catch (error) {
      throw new Error(`${path}: the pixel cache cannot be opened (${messageOf(error)})`, {
        cause: error,
      });
    }
    try {
      const { index, offsets, id } = this.#readIndex();
      this.size = index.size;
      this.crop = index.crop ?? false;
      this.entries = index.pictures;
      this.#offsets = offsets;
      this.#positions = new Map(index.pictures.map(({ path }, position) => [path, position]));
      this.id = id;
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  /**
   * A picture's position in the file.
   *
   * @param path relative to the data set's folder
   * @throws {Error} if the file does not hold that picture
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
   * @param position in the order of the file
   * @throws {DamagedPixels} if the picture has changed since it was written
   */
  read(position: number): HalfResizedPicture {
    const { width, height } = this.entries[position]!;
    const [begin, end] = [this.#offsets[position]!, this.#offsets[position + 1]!];
    const pixels = this.#readAt(begin, end - begin);
    this.#check(position, pixels);
    return { pixels, width, height, size: this.size, crop: this.crop };
  }

  /**
   * Reads and checks all pictures. The disk sets the pace; the checksums cost next to nothing.
   *
   * @throws {DamagedPixels} if one has changed since it was written
   * @throws the signal's reason
   */
  async check(signal?: AbortSignal): Promise<void> {
    const offsets = this.#offsets;
    for (let first = 0; first < this.entries.length;) {
      const begin = offsets[first]!;
      let last = first + 1;
      while (last < this.entries.length && offsets[last + 1]! - begin <= CHECKED_AT_ONCE) last++;
      const pixels = this.#readAt(begin, offsets[last]! - begin);
      for (; first < last; first++) {
        this.#check(first, pixels.subarray(offsets[first]! - begin, offsets[first + 1]! - begin));
      }
      await setImmediate();
      signal?.throwIfAborted();
    }
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }

  #check(position: number, pixels: Uint8Array): void {
    const { path, checksum } = this.entries[position]!;
    if (checksumOf(pixels) !== checksum) throw this.#damage(`the pixels of ${path} are damaged`);
  }

  #readIndex(): { index: PixelIndex; offsets: number[]; id: string } {
    const length = this.#file.statSync().size;
    if (length < TRAILER_BYTES) throw this.#damage("it is too short");
    const trailer = this.#readAt(length - TRAILER_BYTES, TRAILER_BYTES);
    const format = new TextDecoder().decode(trailer.subarray(DIGEST_BYTES + 8));
    if (format !== FORMAT) throw this.#damage(`it does not end with ${FORMAT}`);
    const indexLength = Number(new DataView(trailer.buffer).getBigUint64(DIGEST_BYTES, true));
    const indexOffset = length - TRAILER_BYTES - indexLength;
    if (indexOffset < 0) throw this.#damage("its index is longer than the file");
    const json = this.#readAt(indexOffset, indexLength);
    const id = sha256(json);
    if (id !== trailer.subarray(0, DIGEST_BYTES).toHex()) {
      throw this.#damage("its index is damaged");
    }
    let index: PixelIndex;
    try {
      index = indexSchema.parse(JSON.parse(new TextDecoder().decode(json)));
    } catch (error) {
      throw this.#damage(`its index is not valid: ${messageOf(error)}`);
    }
    const offsets = [0];
    for (const { width, height } of index.pictures) {
      offsets.push(offsets.at(-1)! + halfResizedBytes({ ...index, width, height }));
    }
    const end = offsets.at(-1)!;
    if (end !== indexOffset) {
      throw this.#damage(
        `it holds ${indexOffset} bytes of pixels instead of the ${end} of its index`,
      );
    }
    return { index, offsets, id };
  }

  #readAt(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    for (let done = 0; done < length;) {
      const count = this.#file.readSync(bytes.subarray(done));
      if (count === null) throw this.#damage(`it ends before byte ${offset + length}`);
      done += count;
    }
    return bytes;
  }

  #damage(reason: string): DamagedPixels {
    return new DamagedPixels(this.path, reason);
  }
}
