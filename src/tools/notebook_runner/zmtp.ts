/**
 * The client side of ZMTP 3.0, the protocol of ZeroMQ sockets, over TCP on this machine: framed
 * messages of several parts, with the NULL mechanism (no encryption). Jupyter's channels need
 * nothing else; npm:zeromq is native code, and crashes under Deno.
 *
 * Source: https://rfc.zeromq.org/spec/23/
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** The ZeroMQ patterns of a Jupyter client: requests with replies, and broadcasts. */
export type SocketType = "DEALER" | "SUB";

const FLAG_MORE = 1;
const FLAG_LONG = 2;
const FLAG_COMMAND = 4;

/** The greeting of a client of version 3.0 with the mechanism NULL. */
const GREETING = Buffer.from(`\xff${"\0".repeat(8)}\x7f\x03\0${"NULL".padEnd(52, "\0")}`, "latin1");

const SHORT_FRAME_BYTES = 255;

/** Kernels send no larger frames; a larger length means that the bytes are not a frame. */
const LARGEST_FRAME_BYTES = 2 ** 30;

const { UnexpectedEof, BadResource, Interrupted, ConnectionReset } = Deno.errors;
const ENDS = [UnexpectedEof, BadResource, Interrupted, ConnectionReset];

/** A ZeroMQ socket connected to one peer. */
export class ZmtpConnection {
  readonly #connection: Deno.TcpConn;
  /** Writes one message after the other, so that no two mix. */
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
    this.#writer = connection.writable.getWriter();
  }

  /**
   * Connects to a socket that listens on this machine, and shakes hands with it. A `SUB` socket
   * subscribes to all broadcasts of its peer.
   *
   * @param signal ends the connection; until then it waits for a silent peer
   * @throws {Error} if nothing listens there, or the peer does not speak ZMTP 3
   */
  static async connect(
    port: number,
    type: SocketType,
    signal?: AbortSignal,
  ): Promise<ZmtpConnection> {
    const tcp = await Deno.connect({ hostname: "127.0.0.1", port });
    const connection = new ZmtpConnection(tcp);
    try {
      signal?.addEventListener("abort", () => connection.close());
      signal?.throwIfAborted();
      tcp.setNoDelay(true);
      await connection.#shakeHands(type);
      if (type === "SUB") await connection.send([Uint8Array.of(1)]);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Sends one message of one or more parts. */
  send(parts: readonly Uint8Array[]): Promise<void> {
    const last = parts.length - 1;
    const frames = parts.map((part, index) => frame(part, index < last ? FLAG_MORE : 0));
    return this.#writer.write(Buffer.concat(frames));
  }

  /**
   * The parts of the next message, or `undefined` when the peer or {@linkcode close} has ended the
   * connection. Must not be called again before it has returned.
   *
   * @throws {Error} if the bytes received are not a ZMTP frame
   */
  async receive(): Promise<Uint8Array[] | undefined> {
    const parts: Uint8Array[] = [];
    try {
      while (true) {
        const { flags, body } = await this.#readFrame();
        if ((flags & FLAG_COMMAND) !== 0) continue;
        parts.push(body);
        if ((flags & FLAG_MORE) === 0) return parts;
      }
    } catch (error) {
      if (ENDS.some((kind) => error instanceof kind)) return undefined;
      throw error;
    }
  }

  /** Ends the connection; may be called twice. */
  close(): void {
    try {
      this.#connection.close();
    } catch (error) {
      if (!(error instanceof BadResource)) throw error;
    }
  }

  async #shakeHands(type: SocketType): Promise<void> {
    await this.#writer.write(GREETING);
    const peer = await this.#read(GREETING.length);
    const mechanism = new TextDecoder().decode(peer.subarray(12, 32)).replace(/\0+$/, "");
    if (peer[0] !== 0xff || peer[9] !== 0x7f || peer[10]! < 3 || mechanism !== "NULL") {
      throw new Error("the peer does not speak ZMTP 3 without encryption");
    }
    const ready = `\x05READY\x0bSocket-Type\0\0\0${String.fromCharCode(type.length)}${type}`;
    await this.#writer.write(frame(Buffer.from(ready), FLAG_COMMAND));
    const { flags, body } = await this.#readFrame();
    const name = new TextDecoder().decode(body.subarray(1, 1 + (body[0] ?? 0)));
    if ((flags & FLAG_COMMAND) === 0 || name !== "READY") {
      throw new Error(`the peer refused the handshake (${name})`);
    }
  }

  async #readFrame(): Promise<{ flags: number; body: Uint8Array }> {
    const flags = (await this.#read(1))[0]!;
    const long = (flags & FLAG_LONG) !== 0;
    const size = await this.#read(long ? 8 : 1);
    const length = long ? Number(new DataView(size.buffer).getBigUint64(0)) : size[0]!;
    if (length > LARGEST_FRAME_BYTES) throw new Error(`a frame of ${length} bytes`);
    return { flags, body: await this.#read(length) };
  }

  async #read(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const count = await this.#connection.read(bytes.subarray(done));
      if (count === null) throw new UnexpectedEof("the peer closed the connection");
      done += count;
    }
    return bytes;
  }
}

function frame(body: Uint8Array, flags: number): Uint8Array {
  if (body.length <= SHORT_FRAME_BYTES) return Buffer.concat([Buffer.of(flags, body.length), body]);
  const head = Buffer.alloc(9, flags | FLAG_LONG);
  head.writeBigUInt64BE(BigInt(body.length), 1);
  return Buffer.concat([head, body]);
}
