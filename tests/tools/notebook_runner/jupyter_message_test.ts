import assert from "node:assert/strict";
import {
  decodeMessage,
  encodeRequest,
} from "../../../src/tools/notebook_runner/jupyter_message.ts";

const KEY = "0123abcd-key";
/** By `jupyter_client.session.Session.sign` of Jupyter's own client, version 8. */
const SIGNATURE = "34bfcc4ee281da6ab086493e3adc343dbff0c4946ed58e5c9366d36de1f94f89";
const PARTS = [
  { msg_id: "id-1", msg_type: "stream" },
  { msg_id: "request-1" },
  {},
  { name: "stdout", text: "żółw 亀\n" },
].map((part) => bytes(JSON.stringify(part)));

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function message(signature: string, parts: readonly Uint8Array[] = PARTS): Uint8Array[] {
  return [bytes("topic"), bytes("<IDS|MSG>"), bytes(signature), ...parts];
}

Deno.test("decodeMessage() takes a message that Jupyter's own client has signed", () => {
  assert.deepEqual(decodeMessage([...message(SIGNATURE), bytes("a buffer")], KEY), {
    type: "stream",
    parent: "request-1",
    content: { name: "stdout", text: "żółw 亀\n" },
  });
});

Deno.test("a request can be read with its key", () => {
  const request = { id: "id-2", type: "execute_request", content: { code: "1 + 1" } };
  const parts = encodeRequest(request, KEY);
  assert.deepEqual(decodeMessage(parts, KEY), {
    type: "execute_request",
    parent: undefined,
    content: { code: "1 + 1" },
  });
  assert.throws(() => decodeMessage(parts, "another key"), /wrong signature/);
});

Deno.test("decodeMessage() refuses what was changed, cut or is something else", () => {
  const changed = PARTS.with(3, bytes('{"name":"stdout","text":"other"}'));
  assert.throws(() => decodeMessage(message(SIGNATURE, changed), KEY), /wrong signature/);
  assert.throws(() => decodeMessage(message("", PARTS), KEY), /wrong signature/);
  assert.throws(
    () => decodeMessage(message(SIGNATURE, PARTS.slice(1)), KEY),
    /not a Jupyter message/,
  );
  assert.throws(() => decodeMessage([bytes("ping")], KEY), /not a Jupyter message/);
});
