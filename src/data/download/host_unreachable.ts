/**
 * A network or a host that is not there, as opposed to one that gives a wrong answer.
 *
 * @module
 */
import type { ArchiveSource } from "./archive_source.ts";
import { unpackByHand } from "./bad_archive.ts";

/** The host gave no answer at all: no such name, connection refused, nobody there. */
export class HostUnreachable extends Error {
  override readonly name = "HostUnreachable";
  /** What happened, without the remedy: `s3.amazonaws.com cannot be reached (...)`. */
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
