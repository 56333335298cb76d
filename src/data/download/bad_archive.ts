/**
 * Archives that are not what they should be.
 *
 * @module
 */
import { basename } from "@std/path";
import type { ArchiveSource } from "./archive_source.ts";

/** The downloaded archive is another one, is damaged, or holds what it must not. */
export class BadArchive extends Error {
  override readonly name = "BadArchive";

  /** @param reason a sentence without its full stop */
  constructor(source: ArchiveSource, reason: string, options?: ErrorOptions) {
    super(
      `${source.url}: ${reason}; it was deleted, run the same command again, or ` +
        unpackByHand(source),
      options,
    );
  }
}

/** What to do if the server does not have the right archive. */
export function unpackByHand({ url, folder }: ArchiveSource): string {
  return `unpack ${basename(url)} from elsewhere into data/${folder}`;
}
