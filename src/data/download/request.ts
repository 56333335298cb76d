/**
 * HTTP requests that do not wait for ever.
 *
 * @module
 */
import { messageOf } from "../../files/error_message.ts";

/**
 * What is known of a host after a request failed: it answered before the connection broke, it gave
 * no sign for as long as one waited, or there was no way to it.
 */
export type HostState = "answered" | "silent" | "out of reach";

/** A request that failed for a reason that may pass. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  readonly host: HostState;

  constructor(reason: string, host: HostState) {
    super(reason);
    this.host = host;
  }
}

/**
 * Asks for a URL.
 *
 * @param patience milliseconds until the headers must have come
 * @throws {Interruption} if they do not come
 * @throws {Error} if this process has no permission to ask the host; names the remedy
 * @throws the signal's reason
 */
export async function request(
  url: string,
  headers: Readonly<Record<string, string>>,
  patience: number,
  signal?: AbortSignal,
): Promise<Response> {
  const silence = new AbortController();
  const timer = setTimeout(
    () => silence.abort(new Error(`no answer within ${patience / 1000} s`)),
    patience,
  );
  const signals = signal === undefined ? [silence.signal] : [silence.signal, signal];
  try {
    return await fetch(url, { headers, signal: AbortSignal.any(signals) });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Deno.errors.NotCapable) throw withoutPermission(url, error);
    throw new Interruption(
      networkProblem(error),
      silence.signal.aborted ? "silent" : "out of reach",
    );
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The body of an answer, as it comes. A caller that stops before its end cancels the body.
 *
 * @param patience milliseconds until the next bytes must have come
 * @throws {Interruption} if they do not come or the connection breaks
 * @throws the reason of the signal that the request was made with
 */
export async function* bodyOf(
  response: Response,
  patience: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    while (true) {
      const { done, value } = await nextWithin(reader, patience, signal);
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

async function nextWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  patience: number,
  signal?: AbortSignal,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  const { promise: silence, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`nothing came for ${patience / 1000} s`)),
    patience,
  );
  try {
    return await Promise.race([reader.read(), silence]);
  } catch (error) {
    signal?.throwIfAborted();
    throw new Interruption(networkProblem(error), "answered");
  } finally {
    clearTimeout(timer);
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
