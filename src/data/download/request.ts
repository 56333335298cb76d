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

/**
 * Asks for a URL.
 *
 * @throws {Interruption} if no headers come
 * @throws {Error} if this process has no permission to ask the host; names the remedy
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
  try {
    return await fetch(url, { headers, signal: AbortSignal.any(signals) });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Deno.errors.NotCapable) throw withoutPermission(url, error);
    const host = silence.signal.aborted ? "silent" : "out of reach";
    throw new Interruption(networkProblem(error), host);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The body of an answer, as it comes. A caller that stops before its end cancels the body.
 *
 * @throws {Interruption} if the next bytes do not come or the connection breaks
 * @throws the reason of the signal that the request was made with
 */
export async function* bodyOf(
  response: Response,
  { bytes }: Patience,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    while (true) {
      const { promise: silence, reject } = Promise.withResolvers<never>();
      const nothing = new Error(`nothing came for ${bytes / 1000} s`);
      const timer = setTimeout(() => reject(nothing), bytes);
      const next = Promise.race([reader.read(), silence]).finally(() => clearTimeout(timer));
      const { done, value } = await next;
      if (done) return;
      yield value;
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
