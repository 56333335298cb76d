/**
 * The file format of the pixel cache.
 *
 * The pictures come first, 8-bit RGB one after another, each with its long axis resized and its
 * short axis at full resolution (see `resize.ts`). After them come an index in JSON, the index's
 * length (8 bytes, little endian) and eight bytes that name the format.
 *
 * @module
 */
import { z } from "zod";
import { sha256 } from "../files/digest.ts";
import { messageOf } from "../files/error_message.ts";
import { halfResizedBytes, type HalfResizedPicture } from "./resize.ts";

/** To be changed whenever the meaning of a file's bytes changes. */
const FORMAT = "PIXELS02";
const TRAILER_BYTES = 16;

const indexSchema = z.object({
  /** Length of the resized long axis in pixels. */
  size: z.int().positive(),
  pictures: z.array(z.object({
    /** Relative to the data set's folder. */
    path: z.string(),
    /** Size of the picture's own file. */
    bytes: z.int().nonnegative(),
    /** When the picture's own file was modified, in milliseconds; null where that is unknown. */
    modified: z.int().nullable(),
    width: z.int().positive(),
    height: z.int().positive(),
    /** Where the pixels begin in this file. */
    offset: z.int().nonnegative(),
  })),
});

/** What a pixel file holds and where. */
export type PixelIndex = z.infer<typeof indexSchema>;

/** One picture of a pixel file. */
export type PixelEntry = PixelIndex["pictures"][number];

/** The bytes that end a pixel file, after the pixels. */
export function encodeIndex(index: PixelIndex): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(index));
  const bytes = new Uint8Array(json.length + TRAILER_BYTES);
  bytes.set(json);
  new DataView(bytes.buffer).setBigUint64(json.length, BigInt(json.length), true);
  bytes.set(new TextEncoder().encode(FORMAT), json.length + 8);
  return bytes;
}

/** Reads pictures from a pixel file by their offsets; never loads the file as a whole. */
export class PixelFile {
  /** Path of the file. */
  readonly path: string;
  /** Length of the resized long axis in pixels. */
  readonly size: number;
  /** The pictures in the order of the file. */
  readonly entries: readonly PixelEntry[];
  /** SHA-256 of the index: equal for files made of the same pictures. */
  readonly id: string;
  readonly #file: Deno.FsFile;
  readonly #positions: ReadonlyMap<string, number>;

  /**
   * Opens a pixel file.
   *
   * @throws {Error} if it cannot be opened, is of another format or is damaged
   */
  constructor(path: string) {
    this.path = path;
    try {
      this.#file = Deno.openSync(path);
    } catch (error) {
      throw new Error(`${path}: the pixel cache cannot be opened (${messageOf(error)})`, {
        cause: error,
      });
    }
    try {
      const { index, id } = this.#readIndex();
      this.size = index.size;
      this.entries = index.pictures;
      this.#positions = new Map(index.pictures.map(({ path }, position) => [path, position]));
      this.id = id;
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  /**
   * Where a picture stands in the file.
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
   * @throws {Error} if the file is shorter than its index says
   */
  read(position: number): HalfResizedPicture {
    const { offset, width, height } = this.entries[position]!;
    const pixels = this.#readAt(offset, halfResizedBytes(width, height, this.size));
    return { pixels, width, height, size: this.size };
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }

  #readIndex(): { index: PixelIndex; id: string } {
    const length = this.#file.statSync().size;
    if (length < TRAILER_BYTES) throw this.#damage("it is too short");
    const trailer = this.#readAt(length - TRAILER_BYTES, TRAILER_BYTES);
    const format = new TextDecoder().decode(trailer.subarray(8));
    if (format !== FORMAT) throw this.#damage(`it does not end with ${FORMAT}`);
    const indexLength = Number(new DataView(trailer.buffer).getBigUint64(0, true));
    const indexOffset = length - TRAILER_BYTES - indexLength;
    if (indexOffset < 0) throw this.#damage("its index is longer than the file");
    const json = this.#readAt(indexOffset, indexLength);
    const id = sha256(json);
    try {
      return { index: indexSchema.parse(JSON.parse(new TextDecoder().decode(json))), id };
    } catch (error) {
      throw this.#damage(`its index is not valid: ${messageOf(error)}`);
    }
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

  #damage(reason: string): Error {
    return new Error(
      `${this.path}: not a complete pixel cache, ${reason}; delete it to rebuild it`,
    );
  }
}
