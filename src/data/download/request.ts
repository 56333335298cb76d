/**
 * HTTP requests that do not wait for ever.
 *
 * @module
 */
import { messageOf } from "../../files/error_message.ts";

/** How long a download waits, in milliseconds. */
export interface Patience {
  /** For the host's answer: look-up of its name, connection, headers. */
  readonly answer: number;
  /** For the next bytes. */
  readonly bytes: number;
  /** Bytes a second that must come, on average over that time. */
  readonly slowest: number;
  /** Before each further try, in a row of tries that bring nothing. There is one for each. */
  readonly pauses: readonly number[];
}

/** A request that failed for a reason that may pass. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  /** What is known of the host; a silent one gave no sign for as long as one waited. */
  readonly host: "answered" | "silent" | "out of reach";

  constructor(reason: string, host: Interruption["host"]) {
    super(reason);
    this.host = host;
  }
}

/** How often an answer may lead on to another address. */
const REDIRECTS = 10;

/**
 * Asks for a URL, and for what its answer leads on to.
 *
 * @throws {Interruption} if no headers come, or the answer leads to a host that this process may not
 * ask, as that of a network which wants a login does
 * @throws {Error} if this process has no permission to ask the host, which names the remedy; or if
 * answers lead in a circle, too far, or to what is no web address
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
      ? "which this program may not ask; the network may want a login in a browser"
      : networkProblem(error);
    const place = `the answer leads on to ${new URL(addresses.at(-1)!).origin}, `;
    throw new Interruption(
      addresses.length === 1 ? problem : place + problem,
      silence.signal.aborted ? "silent" : "out of reach",
    );
  } finally {
    clearTimeout(timer);
  }
}

/** A server leads to where nothing can be asked for; the message has the URL and no remedy. */
export class WrongRedirect extends Error {
  override readonly name = "WrongRedirect";
}

/**
 * Where an answer leads on to.
 *
 * @param addresses that were asked so far
 * @throws {WrongRedirect} if that is one of these, too far, or no web address
 */
function nextAddress(location: string, addresses: readonly string[]): string {
  const [first] = addresses;
  const next = URL.parse(location, addresses.at(-1));
  if (next === null || !["http:", "https:"].includes(next.protocol)) {
    throw new WrongRedirect(`${first}: the server leads on to "${location}", no web address`);
  }
  if (addresses.includes(next.href)) {
    throw new WrongRedirect(`${first}: the server leads in a circle, back to ${next.href}`);
  }
  if (addresses.length > REDIRECTS) {
    throw new WrongRedirect(`${first}: the server leads on more than ${REDIRECTS} times`);
  }
  return next.href;
}

/**
 * The body of an answer, as it comes. A caller that stops before its end cancels the body.
 *
 * @throws {Interruption} if the next bytes do not come, too few come or the connection breaks
 * @throws the reason of the signal that the request was made with
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
      const nothing = new Error(`nothing came for ${bytes / 1000} s`);
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
    `${url}: this process has no permission to ask the host (${messageOf(cause)}); use ` +
      `deno task fetch, or allow it with --allow-net=${address}`,
    { cause },
  );
}

/** What Deno says of a failed request, without what the reader knows: that, and of which URL. */
function networkProblem(error: unknown): string {
  const { cause } = error as Error;
  return messageOf(cause instanceof Error ? cause : error).replace(/^.*client error \(\w+\): /, "");
}
