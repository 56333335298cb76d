/** A server on this machine that breaks off, stalls and lies on demand: HTTP by hand, over TCP. */

import { pause } from "../../../src/pause.ts";

/** The headers of a request. */
export type Asked = Headers;

/** What the server does with a request. */
export interface Answer {
  readonly status?: number;
  /** `Content-Length` is the body's if it is not here, and not sent if it is empty. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** How many bytes of the body to send; all if not given. */
  readonly sent?: number;
  /** Milliseconds before each byte of the body; all at once if not given. */
  readonly drip?: number;
  /** What happens to the connection then: closed if not given; `hang` leaves it open and silent. */
  readonly end?: "reset" | "hang";
}

/** A running server; disposing ends it and all connections. */
export interface Server extends AsyncDisposable {
  readonly address: string;
  /** All requests so far. */
  readonly asked: readonly Asked[];
}

/** Starts a server. */
export function serve(answer: (asked: Asked, count: number) => Answer | Promise<Answer>): Server {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const asked: Asked[] = [];
  const connections = new Set<Deno.TcpConn>();
  const stopped = Promise.withResolvers<void>();

  const handle = async (connection: Deno.TcpConn) => {
    connections.add(connection);
    try {
      const headers = await readHeaders(connection);
      asked.push(headers);
      const given = await Promise.race([answer(headers, asked.length), stopped.promise]);
      if (given === undefined) return;
      await send(connection, given);
      if (given.end === "hang") await stopped.promise;
    } catch {
      // The client has gone away.
    } finally {
      connections.delete(connection);
      connection.close();
    }
  };
  const serving = (async () => {
    const handled: Promise<void>[] = [];
    for await (const connection of listener) handled.push(handle(connection));
    await Promise.all(handled);
  })();
  return {
    address: `http://127.0.0.1:${listener.addr.port}`,
    asked,
    async [Symbol.asyncDispose]() {
      listener.close();
      stopped.resolve();
      await serving;
    },
  };
}

/** Answers as a good server does: with the range that is asked for, if it is of this version. */
export function file(bytes: Uint8Array, asked: Asked, version = '"1"'): Answer {
  const headers = { "ETag": version };
  const first = Number(/^bytes=(\d+)-$/.exec(asked.get("Range") ?? "")?.[1] ?? NaN);
  const condition = asked.get("If-Range");
  if (Number.isNaN(first) || (condition !== null && condition !== version)) {
    return { headers, body: bytes };
  }
  if (first >= bytes.length) return { status: 416, headers };
  return {
    status: 206,
    headers: {
      ...headers,
      "Content-Range": `bytes ${first}-${bytes.length - 1}/${bytes.length}`,
    },
    body: bytes.subarray(first),
  };
}

/** Leaves the last byte of the request unread. */
async function readHeaders(connection: Deno.TcpConn): Promise<Headers> {
  let text = "";
  const byte = new Uint8Array(1);
  while (!text.endsWith("\r\n\r")) {
    if (await connection.read(byte) === null) throw new Error("the client sent half a request");
    text += String.fromCharCode(byte[0]!);
  }
  const lines = text.trim().split("\r\n").slice(1);
  return new Headers(lines.map((line) => line.split(": ", 2) as [string, string]));
}

async function send(connection: Deno.TcpConn, answer: Answer): Promise<void> {
  const { status = 200, headers = {}, body = new Uint8Array(), sent = body.length, drip, end } =
    answer;
  const all = { "Content-Length": String(body.length), ...headers, "Connection": "close" };
  const lines = Object.entries(all).filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const head = new TextEncoder().encode(`HTTP/1.1 ${status} -\r\n${lines.join("")}\r\n`);
  const shown = body.subarray(0, sent);
  const pieces = drip === undefined ? [shown] : Array.from(shown, (byte) => Uint8Array.of(byte));
  for (const bytes of [head, ...pieces]) {
    if (drip !== undefined) await pause(drip);
    for (let done = 0; done < bytes.length;) done += await connection.write(bytes.subarray(done));
  }
  // A connection that is closed with something unread is reset.
  if (end !== "reset") await connection.read(new Uint8Array(1));
}
