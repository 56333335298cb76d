import assert from "node:assert/strict";
import { ZmtpConnection } from "../../../src/tools/notebook_runner/zmtp.ts";

/** The greeting of a ZMTP 3.0 peer with the NULL mechanism, as in the RFC. */
const GREETING = [
  ...[0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0],
  ...bytes("NULL".padEnd(20, "\0")),
  ...new Uint8Array(32),
];
const READY = (type: string) => [
  ...[4, 22 + type.length, 5, ...bytes("READY")],
  ...[11, ...bytes("Socket-Type"), 0, 0, 0, type.length, ...bytes(type)],
];
const HANDSHAKE = [...GREETING, ...READY("ROUTER")];

function bytes(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

/** A socket on this machine that writes these bytes to the first that connects. */
class Peer implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly port = this.#listener.addr.port;
  readonly #connection: Promise<Deno.TcpConn>;

  constructor(written: readonly number[]) {
    this.#connection = this.#serve(Uint8Array.from(written));
  }

  async #serve(written: Uint8Array): Promise<Deno.TcpConn> {
    const connection = await this.#listener.accept();
    // In two pieces, so that a reader has to wait in the middle.
    const half = written.length >> 1;
    for (const piece of [written.subarray(0, half), written.subarray(half)]) {
      for (let done = 0; done < piece.length;) done += await connection.write(piece.subarray(done));
    }
    return connection;
  }

  /** The next bytes that were sent to this peer. */
  async received(count: number): Promise<Uint8Array> {
    const data = new Uint8Array(count);
    for (let done = 0; done < count;) {
      done += await (await this.#connection).read(data.subarray(done)) ?? assert.fail("it ended");
    }
    return data;
  }

  async hangUp(): Promise<void> {
    (await this.#connection).close();
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

Deno.test("a connection greets as ZMTP 3.0 does, and a SUB socket subscribes to everything", async () => {
  for (const [type, afterwards] of [["DEALER", []], ["SUB", [0, 1, 1]]] as const) {
    using peer = new Peer(HANDSHAKE);
    const connection = await ZmtpConnection.connect(peer.port, type);
    const expected = [...GREETING, ...READY(type), ...afterwards];
    assert.deepEqual([...await peer.received(expected.length)], expected);
    connection.close();
    await peer.hangUp();
  }
});

Deno.test("messages of short and long parts arrive whole, and commands are passed over", async () => {
  const long = Array.from({ length: 70_000 }, (_, index) => index % 251);
  const ping = [4, 5, 4, ...bytes("PING")];
  using peer = new Peer([
    ...HANDSHAKE,
    ...ping,
    ...[1, 3, ...bytes("abc"), 1, 0],
    ...[2, 0, 0, 0, 0, 0, 1, 0x11, 0x70, ...long],
    ...[0, 1, 42],
  ]);
  const connection = await ZmtpConnection.connect(peer.port, "DEALER");
  const parts = (await connection.receive())!;
  assert.deepEqual(parts.map((part) => part.length), [3, 0, 70_000]);
  assert.deepEqual([...parts[2]!], long);
  assert.deepEqual(await connection.receive(), [Uint8Array.of(42)]);
  connection.close();
  await peer.hangUp();
});

Deno.test("messages sent at the same time do not mix", async () => {
  using peer = new Peer(HANDSHAKE);
  const connection = await ZmtpConnection.connect(peer.port, "DEALER");
  const large = new Uint8Array(8_000_000).fill(7);
  const sent = Promise.all([
    connection.send([Uint8Array.of(1), large]),
    connection.send([Uint8Array.of(2)]),
  ]);
  await peer.received(GREETING.length + READY("DEALER").length);
  assert.deepEqual([...await peer.received(12)], [1, 1, 1, 2, 0, 0, 0, 0, 0, 0x7a, 0x12, 0x00]);
  assert.ok((await peer.received(large.length)).every((byte) => byte === 7));
  assert.deepEqual([...await peer.received(3)], [0, 1, 2]);
  await sent;
  connection.close();
  await peer.hangUp();
});

Deno.test("a message that is cut off is none, and none comes after the end", async () => {
  using peer = new Peer([...HANDSHAKE, ...[0, 1, 42], ...[1, 3, ...bytes("abc")], ...[0, 200, 1]]);
  const connection = await ZmtpConnection.connect(peer.port, "SUB");
  await peer.hangUp();
  assert.deepEqual(await connection.receive(), [Uint8Array.of(42)]);
  assert.equal(await connection.receive(), undefined);
  connection.close();
  connection.close();
  assert.equal(await connection.receive(), undefined);
});

Deno.test("bytes that are no frame are an error", async () => {
  using peer = new Peer([...HANDSHAKE, ...[2, 0xff, 0xff, 0, 0, 0, 0, 0, 0]]);
  const connection = await ZmtpConnection.connect(peer.port, "SUB");
  await assert.rejects(connection.receive(), /a frame of \d+ bytes/);
  connection.close();
  await peer.hangUp();
});

for (
  const [what, written, message] of [
    ["a web server", bytes("HTTP/1.1 400 Bad Request\r\n".repeat(3)), /does not speak ZMTP 3/],
    ["a peer that wants a password", [...GREETING.with(12, 0x50), 0, 0], /does not speak ZMTP 3/],
    ["an older peer", GREETING.with(10, 1), /does not speak ZMTP 3/],
    [
      "a peer that refuses",
      [...GREETING, ...[4, 9, 5, ...bytes("ERROR"), 2, 110, 111]],
      /refused.*ERROR/,
    ],
  ] as const
) {
  Deno.test(`connecting fails with ${what}`, async () => {
    using peer = new Peer(written);
    await assert.rejects(ZmtpConnection.connect(peer.port, "DEALER"), message);
    await peer.hangUp();
  });
}
