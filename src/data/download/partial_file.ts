/**
 * Downloads that may break off and be continued by another process.
 *
 * @module
 */
import { removeIfPresent } from "../../files/remove_if_present.ts";

/**
 * What has come of a file so far. Beside it, in `<path>.version`, stands which version of the file
 * on the server its bytes belong to.
 */
export class PartialFile {
  readonly path: string;
  #length: number;
  #version: string | undefined;

  private constructor(path: string, length: number, version: string | undefined) {
    this.path = path;
    this.#length = length;
    this.#version = version;
  }

  /** Finds what a former download left at this path, if any did. */
  static async find(path: string): Promise<PartialFile> {
    try {
      const { size } = await Deno.stat(path);
      return new PartialFile(path, size, await Deno.readTextFile(versionPath(path)) || undefined);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return new PartialFile(path, 0, undefined);
      throw error;
    }
  }

  /** Bytes that have come. */
  get length(): number {
    return this.#length;
  }

  /** The server's mark of the version, such as an ETag, if it gave one. */
  get version(): string | undefined {
    return this.#version;
  }

  /** Starts over, with another version or the same. */
  async begin(version: string | undefined): Promise<void> {
    await Deno.writeFile(this.path, new Uint8Array());
    await Deno.writeTextFile(versionPath(this.path), version ?? "");
    this.#length = 0;
    this.#version = version;
  }

  /** Adds what came next. */
  async append(bytes: Uint8Array): Promise<void> {
    using file = await Deno.open(this.path, { append: true });
    for (let done = 0; done < bytes.length;) {
      const written = await file.write(bytes.subarray(done));
      done += written;
      this.#length += written;
    }
  }

  /** Removes the file. */
  async discard(): Promise<void> {
    this.#length = 0;
    this.#version = undefined;
    for (const path of [this.path, versionPath(this.path)]) await removeIfPresent(path);
  }
}

function versionPath(path: string): string {
  return `${path}.version`;
}
