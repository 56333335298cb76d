/**
 * Downloading an archive from a server that may break off, stall or answer with something else.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { pause } from "../../pause.ts";
import type { ArchiveSource } from "../catalogue_entry.ts";
import { formatAmount, MEGABYTES, type ShowProgress } from "../progress.ts";
import { BadArchive, HostUnreachable, unpackByHand } from "./errors.ts";
import { PartialFile } from "./partial_file.ts";
import { bodyOf, Interruption, type Patience, request, WrongRedirect } from "./request.ts";

/** Options of a download. */
export interface DownloadOptions {
  /** The time limits; by default {@linkcode PATIENCE}. */
  readonly patience?: Patience;
  /** Shows the progress of download, unpacking and check. */
  readonly progress?: ShowProgress;
  /** Receives log lines. */
  readonly log?: (line: string) => void;
  /** Stops the work. The downloaded part is kept for the next call to continue. */
  readonly signal?: AbortSignal;
}

/**
 * Ten seconds for an answer, half a minute for bytes, six tries in half a minute, and a speed at
 * which Imagenette takes six hours at most.
 */
const PATIENCE: Patience = {
  answer: 10_000,
  bytes: 30_000,
  slowest: 5000,
  pauses: [1000, 2000, 4000, 8000, 16_000],
};

/**
 * Downloads an archive and checks its size and MD5. A partial download at the path is continued if
 * the server still has the same version.
 *
 * @param path of the downloaded file. If the download breaks off, the file stays, to be continued.
 * @throws {HostUnreachable} if the host gives no answer: after the first try if that timed out,
 * else after the second
 * @throws {BadArchive} if the downloaded file is not the archive; the caller removes it
 * @throws {NotWritten} if it cannot be written
 * @throws {Error} if the download breaks off too often or is too slow, or the server does not have
 * the file or redirects to a place without it
 * @throws the signal's reason
 */
export async function downloadArchive(
  source: ArchiveSource,
  path: string,
  options: DownloadOptions,
): Promise<void> {
  const { patience = PATIENCE, signal, log } = options;
  const megabytes = (bytes: number) => formatAmount(bytes, MEGABYTES);
  const part = new PartialFile(path);
  if (part.length > source.bytes) await part.discard();
  if (part.length < source.bytes) {
    const here = part.length > 0 ? `, of which ${megabytes(part.length)} are here` : "";
    log?.(`downloading ${source.url}: ${megabytes(source.bytes)}${here}`);
  }
  let answered = false;
  let furthest = part.length;
  let failures = 0;
  while (part.length < source.bytes) {
    const start = performance.now();
    try {
      await continueDownload(source, part, patience, options);
    } catch (error) {
      if (error instanceof WrongRedirect) {
        throw new Error(`${error.message}; ${unpackByHand(source)}`);
      }
      if (!(error instanceof Interruption)) throw error;
      answered ||= error.host === "answered";
      // A try that brought little counts as failed, so that it is not repeated for ever.
      const enough = Math.max(1, patience.slowest * (performance.now() - start) / 1000);
      if (part.length - furthest >= enough) failures = 0;
      furthest = Math.max(furthest, part.length);
      const wait = patience.pauses[failures++];
      if (!answered && (error.host === "silent" || failures > 1 || wait === undefined)) {
        throw new HostUnreachable(source, error.message);
      }
      if (wait === undefined) {
        throw new Error(
          `${source.url}: the download broke off at ${part.length} of ${source.bytes} bytes ` +
            `(${error.message}); run the same command again to continue it`,
        );
      }
      log?.(`${error.message} at ${megabytes(part.length)}; trying again in ${wait / 1000} s`);
      await pause(wait, signal);
    }
  }
  const hash = createHash("md5");
  for await (const piece of (await Deno.open(path)).readable) hash.update(piece);
  const digest = hash.digest("hex");
  if (digest !== source.md5) {
    throw new BadArchive(
      source,
      `the download has the MD5 ${digest}, but the archive has ${source.md5}`,
    );
  }
}

async function continueDownload(
  source: ArchiveSource,
  part: PartialFile,
  patience: Patience,
  { progress, signal }: DownloadOptions,
): Promise<void> {
  const { url, bytes } = source;
  const response = await request(url, headersFor(part), patience, signal);
  const display = progress?.("downloading", MEGABYTES);
  try {
    // 416: the range does not exist.
    if (![200, 206, 416].includes(response.status)) throw refusal(response, source);
    // Some servers and proxies answer a request for the whole file with a part from the first byte
    // on.
    let begun = response.status !== 200 && part.length > 0;
    if (response.status !== 200 && !continues(response, part, source)) {
      await part.discard();
      const range = response.headers.get("Content-Range");
      const given = range === null ? "" : ` with ${range}, which was not requested`;
      throw new Interruption(`the server answered ${statusOf(response)}${given}`, "answered");
    }
    for await (const piece of bodyOf(response, patience, signal)) {
      if (!begun) {
        // Checked before the file is emptied: a network's login page is not a new version of the
        // file.
        checkBeginning(response, piece, source);
        await part.begin(versionOf(response));
        begun = true;
      }
      if (part.length + piece.length > bytes) {
        throw new BadArchive(source, `the server sent more than the ${bytes} bytes of the archive`);
      }
      await part.append(piece);
      display?.update(part.length, bytes);
    }
  } finally {
    display?.stop();
    // A connection that broke has nothing left to cancel.
    await response.body?.cancel().catch(() => {});
  }
  if (part.length < bytes) throw new Interruption("the connection was closed", "answered");
}

function headersFor(part: PartialFile): Record<string, string> {
  // A body compressed on the way would have other byte positions.
  const headers = { "Accept-Encoding": "identity" };
  if (part.length === 0) return headers;
  const range = { ...headers, "Range": `bytes=${part.length}-` };
  return part.version === undefined ? range : { ...range, "If-Range": part.version };
}

/** An identifier of a file's version that `If-Range` accepts: no weak ETags. */
function versionOf({ headers }: Response): string | undefined {
  const tag = headers.get("ETag");
  if (tag !== null && !tag.startsWith("W/")) return tag;
  return headers.get("Last-Modified") ?? undefined;
}

/** The error for an answer without content: either a retry may help, or the file is not there. */
function refusal(response: Response, source: ArchiveSource): Error {
  const answer = `the server answered ${statusOf(response)}`;
  const mayPass = response.status >= 500 || [408, 425, 429].includes(response.status);
  return mayPass
    ? new Interruption(answer, "answered")
    : new Error(`${source.url}: ${answer}; ${unpackByHand(source)}`);
}

function statusOf({ status, statusText }: Response): string {
  return `${status} ${statusText}`.trim();
}

/** Whether a body begins where the file ends, and is of the same version. */
function continues(response: Response, part: PartialFile, { bytes }: ArchiveSource): boolean {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("Content-Range") ?? "");
  return range !== null && Number(range[1]) === part.length &&
    (range[2] === "*" || Number(range[2]) === bytes) &&
    (part.length === 0 || versionOf(response) === part.version);
}

function checkBeginning(response: Response, first: Uint8Array, source: ArchiveSource): void {
  const { url, bytes } = source;
  const gzip = [0x1f, 0x8b];
  if (first.some((byte, n) => n < gzip.length && byte !== gzip[n])) {
    const shown = [...first.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0"));
    throw new Error(
      `${url}: the answer is not a gzip archive (first bytes ${shown.join(" ")}, type ` +
        `${response.headers.get("Content-Type") ?? "unknown"}); open the URL in a browser, the ` +
        `network may ask for a login; or ${unpackByHand(source)}`,
    );
  }
  const length = response.status === 200 ? response.headers.get("Content-Length") : null;
  if (length !== null && Number(length) !== bytes) {
    throw new Error(
      `${url}: the file has ${length} bytes, but the archive has ${bytes}; ${unpackByHand(source)}`,
    );
  }
}
