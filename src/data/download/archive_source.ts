/**
 * What is to be downloaded, and how to tell that it came whole. Pure data.
 *
 * @module
 */
import { IMAGENETTE_FOLDER } from "../imagenette.ts";

/** A gzipped tar archive of a data set, and what its folder must hold afterwards. */
export interface ArchiveSource {
  /** What messages call the data set. */
  readonly title: string;
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

/**
 * Imagenette v2, 160 px. It unpacks to 13,394 pictures in 107 MB.
 *
 * Sources: https://github.com/fastai/imagenette for the URL; the MD5 is the one torchvision checks,
 * the size the one in TensorFlow Datasets' `imagenette/checksums.tsv`.
 */
export const IMAGENETTE_ARCHIVE: ArchiveSource = {
  title: "Imagenette",
  url: "https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz",
  bytes: 99_003_388,
  md5: "e793b78cc4c9e9a4ccc0c1155377a412",
  folder: IMAGENETTE_FOLDER,
  pictures: { train: 9469, val: 3925 },
  contentDigest: "460b6dfdd190a58e3afaf00c1117cc385e7654df38594449533a4053a17e44ef",
  limits: { entries: 20_000, bytes: 200_000_000 },
};

/** Bytes that must be free on the disk for the archive and, at the same time, what it holds. */
export function bytesNeeded({ bytes, limits }: ArchiveSource): number {
  return bytes + limits.bytes;
}
