/**
 * Messages of the Jupyter protocol as parts of a ZeroMQ message: identities, a delimiter, an
 * HMAC-SHA256 signature and four JSON objects.
 *
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** A client's request, or the kernel's reply or broadcast. */
export interface Message {
  /** For example `execute_request`, `execute_reply` or `stream`. */
  readonly type: string;
  /**
   * For messages of the kernel: id of the request it was handling, which may already be the next
   * one.
   */
  readonly parent?: string | undefined;
  readonly content: Readonly<Record<string, unknown>>;
}

/** This client's name for its kernels. */
const SESSION = crypto.randomUUID();

const DELIMITER = Buffer.from("<IDS|MSG>");

/** Header, header of the parent, metadata and content. */
const messageSchema = z.tuple([
  z.looseObject({ msg_type: z.string() }),
  z.looseObject({ msg_id: z.string().optional() }),
  z.unknown(),
  z.record(z.string(), z.unknown()),
]);

/**
 * The parts of a request.
 *
 * @param key from the connection file
 */
export function encodeRequest(
  { id, type, content }: Message & { readonly id: string },
  key: string,
): Uint8Array[] {
  const header = {
    msg_id: id,
    msg_type: type,
    session: SESSION,
    username: "notebooks",
    date: new Date().toISOString(),
    version: "5.3",
  };
  const signed = [header, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
  return [DELIMITER, signature(signed, key), ...signed];
}

/**
 * Reads a message.
 *
 * @param key from the connection file
 * @throws {Error} if the parts are not a message of a kernel with this key
 */
export function decodeMessage(parts: readonly Uint8Array[], key: string): Message {
  const start = parts.findIndex((part) => DELIMITER.equals(part)) + 1;
  const signed = parts.slice(start + 1, start + 5);
  if (start === 0 || signed.length < 4) throw new Error("not a Jupyter message");
  const expected = signature(signed, key);
  const found = parts[start]!;
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) {
    throw new Error("a Jupyter message with a wrong signature");
  }
  const [header, { msg_id: parent }, , content] = messageSchema.parse(
    signed.map((part) => JSON.parse(new TextDecoder().decode(part))),
  );
  return { type: header.msg_type, parent, content };
}

/** The hexadecimal signature of the four JSON parts. */
function signature(parts: readonly Uint8Array[], key: string): Uint8Array {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return Buffer.from(hmac.digest("hex"));
}
