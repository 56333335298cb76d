import assert from "node:assert/strict";
import { messageOf, NotWritten } from "../../src/files/error_message.ts";

Deno.test("messageOf() is the first line of whatever was thrown", () => {
  assert.equal(messageOf(new Error("\none\n two")), "one");
  assert.equal(messageOf("text"), "text");
  assert.equal(messageOf(undefined), "undefined");
});

Deno.test("NotWritten names the file, and tells a full disk from a folder that cannot be written to", () => {
  const full = Object.assign(new Error("No space left on device (os error 28)"), {
    code: "ENOSPC",
  });
  assert.equal(
    new NotWritten("a/b", full).message,
    "a/b: cannot be written because the disk is full (No space left on device (os error 28)); free " +
      "some space or choose another folder",
  );
  assert.equal(
    new NotWritten("a/b", new Error("File too large (os error 27)")).message,
    "a/b: cannot be written because files may not be so large (File too large (os error 27)); raise " +
      "the limit (ulimit -f unlimited) or choose another folder",
  );
  assert.equal(
    new NotWritten("a/b", new Deno.errors.PermissionDenied("Permission denied")).message,
    "a/b: cannot be written (Permission denied); choose a folder that can be written to",
  );
});
