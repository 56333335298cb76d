/**
 * Downloads that may break off and be continued by another process.
 *
 * @module
 */
import { writeAll } from "../../files/whole_file.ts";
import { writing } from "../../files/error_message.ts";
import { information, isFile } from "../../files/path_kind.ts";
import { removeIfPresent } from "../../files/remove_if_present.ts";

/**
 * The part of a file that is downloaded so far. `<path>.version` beside it names the version of the
 * file on the server that the bytes belong to.
 */
export class PartialFile {
  readonly path: string;
  readonly #versionPath: string;
  /** Bytes downloaded so far. */
  length = 0;
  /** The server's identifier of the version, such as an ETag, if it gave one. */
  version: string | undefined;

  /** Finds the part that an earlier download left at this path, if any. */
  constructor(path: string) {
    this.path = path;
    this.#versionPath = `${path}.version`;
    const found = information(path);
    if (found !== undefined && isFile(this.#versionPath)) {
      this.length = found.size;
      this.version = Deno.readTextFileSync(this.#versionPath) || undefined;
    }
  }

  /**
   * Starts over, with another version or the same.
   *
   * @throws {NotWritten} if the file cannot be written
   */
  async begin(version: string | undefined): Promise<void> {
    await writing(this.path, async () => {
      await Deno.writeFile(this.path, new Uint8Array());
      await Deno.writeTextFile(this.#versionPath, version ?? "");
    });
    this.length = 0;
    this.version = version;
  }

  /**
   * Appends the next bytes.
   *
   * @throws {NotWritten} if it cannot be written
   */
  async append(bytes: Uint8Array): Promise<void> {
    await writing(this.path, async () => {
      using file = await Deno.open(this.path, { append: true });
      await writeAll(file, bytes);
    });
    this.length += bytes.length;
  }

  /** Removes the file. */
  async discard(): Promise<void> {
    this.length = 0;
    this.version = undefined;
    for (const path of [this.path, this.#versionPath]) await removeIfPresent(path);
  }
}
