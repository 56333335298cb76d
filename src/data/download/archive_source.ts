/**
 * What is to be downloaded, and how to tell that it came whole. Pure data.
 *
 * @module
 */

/** A gzipped tar archive of a data set, and what its folder must hold afterwards. */
export interface ArchiveSource {
  readonly url: string;
  /** Size of the archive. */
  readonly bytes: number;
  /** MD5 of the archive, in hexadecimal. */
  readonly md5: string;
  /** The folder in the archive that holds `train` and `val`. */
  readonly folder: string;
  /** How many `.JPEG` files lie below `train` and `val`. */
  readonly pictures: { readonly train: number; readonly val: number };
  /**
   * What `find train val -name '*.JPEG' | LC_ALL=C sort | xargs sha256sum | sha256sum` prints inside
   * the folder.
   */
  readonly contentDigest: string;
  /** An archive that unpacks to more entries or bytes (tar headers included) is not the right one. */
  readonly limits: { readonly entries: number; readonly bytes: number };
}

/** Bytes that must be free on the disk for the archive and, at the same time, what it holds. */
export function bytesNeeded({ bytes, limits }: ArchiveSource): number {
  return bytes + limits.bytes;
}
