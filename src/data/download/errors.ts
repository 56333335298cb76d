/**
 * The failures of a download, and their remedies.
 *
 * @module
 */
import { basename } from "@std/path";
import type { ArchiveSource } from "../catalogue_entry.ts";

/** The host gave no answer at all: unknown name, connection refused or timed out. */
export class HostUnreachable extends Error {
  override readonly name = "HostUnreachable";
  /** The failure without the remedy: `s3.amazonaws.com cannot be reached (...)`. */
  readonly reason: string;

  /** @param problem of the network */
  constructor(source: ArchiveSource, problem: string) {
    const reason = `${new URL(source.url).host} cannot be reached (${problem})`;
    super(
      `${source.url}: ${reason}; check the network (HTTPS_PROXY names a proxy) and run the same ` +
        `command again, or ${unpackByHand(source)}`,
    );
    this.reason = reason;
  }
}

/** The downloaded archive is a different one, is damaged, or holds entries it must not. */
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

/** The remedy if the server does not have the archive. */
export function unpackByHand({ url, folder }: ArchiveSource): string {
  return `unpack ${basename(url)} from elsewhere into data/${folder}`;
}
