/**
 * HTTP requests that do not wait for ever.
 *
 * @module
 */
import { messageOf } from "../../files/error_message.ts";

/** How long a download waits, in milliseconds, and the slowest speed it accepts. */
export interface Patience {
  /** For the host's answer: name look-up, connection, headers. */
  readonly answer: number;
  /** For the next bytes. */
  readonly bytes: number;
  /** The lowest accepted speed in bytes a second, averaged over that time. */
  readonly slowest: number;
  /**
   * The pause before each further try, in a row of tries that bring nothing; their number is the
   * number of further tries.
   */
  readonly pauses: readonly number[];
}

/** A request that failed for a reason that may be temporary. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  /** What is known about the host; `silent`: the request timed out. */
  readonly host: "answered" | "silent" | "out of reach";

  constructor(reason: string, host: Interruption["host"]) {
    super(reason);
    this.host = host;
  }
}

/** The most redirects in a row. */
const REDIRECTS = 10;

/**
 * Requests a URL and follows redirects.
 *
 * @throws {Interruption} if no headers come, or the answer redirects to a host that this process
 * may not access, as in a network that asks for a login
 * @throws {Error} if this process has no permission to access the host (the message names the
 * remedy), or if redirects form a loop, are too many, or lead to something that is not a web
 * address
 * @throws the signal's reason
 */
export async function request(
  url: string,
  headers: Readonly<Record<string, string>>,
  { answer }: Patience,
  signal?: AbortSignal,
): Promise<Response> {
  const silence = new AbortController();
  const noAnswer = new Error(`no answer within ${answer / 1000} s`);
  const timer = setTimeout(() => silence.abort(noAnswer), answer);
  const signals = signal === undefined ? [silence.signal] : [silence.signal, signal];
  const addresses = [url];
  try {
    while (true) {
      const response = await fetch(addresses.at(-1)!, {
        headers,
        redirect: "manual",
        signal: AbortSignal.any(signals),
      });
      const location = response.headers.get("Location");
      if (![301, 302, 303, 307, 308].includes(response.status) || location === null) {
        return response;
      }
      await response.body?.cancel();
      addresses.push(nextAddress(location, addresses));
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof WrongRedirect) throw error;
    const isForbidden = error instanceof Deno.errors.NotCapable;
    if (isForbidden && addresses.length === 1) throw withoutPermission(url, error);
    const problem = isForbidden
      ? "which this program may not access; the network may require a login in a browser"
      : networkProblem(error);
    const place = `the answer redirects to ${new URL(addresses.at(-1)!).origin}, `;
    throw new Interruption(
      addresses.length === 1 ? problem : place + problem,
      silence.signal.aborted ? "silent" : "out of reach",
    );
  } finally {
    clearTimeout(timer);
  }
}

/** A server redirects to an unusable address; the message has the URL and no remedy. */
export class WrongRedirect extends Error {
  override readonly name = "WrongRedirect";
}

/**
 * The address that an answer redirects to.
 *
 * @param addresses the addresses requested so far
 * @throws {WrongRedirect} if it is one of these, one redirect too many, or not a web address
 */
function nextAddress(location: string, addresses: readonly string[]): string {
  const [first] = addresses;
  const next = URL.parse(location, addresses.at(-1));
  if (next === null || !["http:", "https:"].includes(next.protocol)) {
    throw new WrongRedirect(
      `${first}: the server redirects to "${location}", which is no web address`,
    );
  }
  if (addresses.includes(next.href)) {
    throw new WrongRedirect(`${first}: the server redirects in a circle, back to ${next.href}`);
  }
  if (addresses.length > REDIRECTS) {
    throw new WrongRedirect(`${first}: the server redirects more than ${REDIRECTS} times`);
  }
  return next.href;
}

/**
 * The body of an answer, piece by piece. A caller that stops early cancels the body.
 *
 * @throws {Interruption} if no more bytes come, too few come or the connection breaks
 * @throws the reason of the request's signal
 */
export async function* bodyOf(
  response: Response,
  { bytes, slowest }: Patience,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  let came = 0;
  let waited = 0;
  try {
    while (true) {
      const start = performance.now();
      const { promise: silence, reject } = Promise.withResolvers<never>();
      const nothing = new Error(`no data came for ${bytes / 1000} s`);
      const timer = setTimeout(() => reject(nothing), bytes);
      const next = Promise.race([reader.read(), silence]).finally(() => clearTimeout(timer));
      const { done, value } = await next;
      const answered = performance.now();
      if (done) return;
      yield value;
      came += value.length;
      waited += answered - start;
      if (waited < bytes) continue;
      if (came < slowest * waited / 1000) {
        throw new Error(`only ${came} bytes came in ${(waited / 1000).toFixed(1)} s`);
      }
      came = waited = 0;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw new Interruption(networkProblem(error), "answered");
  } finally {
    reader.releaseLock();
  }
}

function withoutPermission(url: string, cause: Error): Error {
  const { host, protocol, port } = new URL(url);
  const address = port === "" ? `${host}:${protocol === "https:" ? 443 : 80}` : host;
  return new Error(
    `${url}: this process has no permission to access the host (${messageOf(cause)}); use ` +
      `deno task fetch, or allow it with --allow-net=${address}`,
    { cause },
  );
}

/**
 * Deno's message about a failed request, without the parts the reader knows: that it failed, and
 * its URL.
 */
function networkProblem(error: unknown): string {
  const { cause } = error as Error;
  return messageOf(cause instanceof Error ? cause : error).replace(/^.*client error \(\w+\): /, "");
}
