import assert from "node:assert/strict";
import type { Message } from "../../../src/tools/notebook_runner/jupyter_message.ts";
import { OutputCollector } from "../../../src/tools/notebook_runner/outputs.ts";

function message(type: string, content: Record<string, unknown>): Message {
  return { type, parent: undefined, content };
}

const print = (text: string, name = "stdout") => message("stream", { name, text });
const display = (text: string, display_id?: string, type = "display_data") =>
  message(type, {
    data: { "text/plain": text },
    metadata: {},
    transient: display_id === undefined ? {} : { display_id },
  });
const update = (text: string, id: string) => display(text, id, "update_display_data");
const clear = (wait: boolean) => message("clear_output", { wait });

/** Outputs of one cell, in short. */
function collected(...messages: Message[]): string[] {
  return new OutputCollector().collect(messages).map((output) =>
    output.output_type === "stream"
      ? `${output.name}: ${output.text}`
      : `${output.output_type}: ${output.data["text/plain"]}`
  );
}

Deno.test("what is printed one after the other on one stream is one output", () => {
  assert.deepEqual(
    collected(print("a\n"), print("b\n"), print("c\n", "stderr"), print("d\n")),
    ["stdout: a\nb\n", "stderr: c\n", "stdout: d\n"],
  );
  assert.deepEqual(
    collected(print("a"), display("figure"), print("b")),
    ["stdout: a", "display_data: figure", "stdout: b"],
  );
});

Deno.test("a result keeps its number, and status messages are no outputs", () => {
  const outputs = new OutputCollector().collect([
    message("status", { execution_state: "busy" }),
    message("execute_input", { code: "5", execution_count: 3 }),
    message("execute_result", { execution_count: 3, data: { "text/plain": "5" }, metadata: {} }),
  ]);
  assert.deepEqual(outputs, [
    {
      output_type: "execute_result",
      execution_count: 3,
      data: { "text/plain": "5" },
      metadata: {},
    },
  ]);
});

Deno.test("an update changes every display with its id, in earlier cells too, and adds nothing", () => {
  const collector = new OutputCollector();
  const first = collector.collect([display("1 %", "bar"), display("other", "b")]);
  const second = collector.collect([display("2 %", "bar"), update("3 %", "bar"), update("x", "?")]);
  assert.deepEqual(first.map((output) => "data" in output && output.data["text/plain"]), [
    "3 %",
    "other",
  ]);
  assert.equal(second.length, 1);
  collector.collect([update("100 %", "bar")]);
  for (const output of [first[0]!, second[0]!]) {
    assert.deepEqual(output, {
      output_type: "display_data",
      data: { "text/plain": "100 %" },
      metadata: {},
    });
  }
});

Deno.test("clearing takes away what was shown, at once or with the next output", () => {
  assert.deepEqual(collected(print("a"), clear(false)), []);
  assert.deepEqual(collected(print("a"), clear(false), print("b")), ["stdout: b"]);
  assert.deepEqual(collected(print("a"), clear(true)), ["stdout: a"]);
  assert.deepEqual(
    collected(print("a"), clear(true), display("b"), print("c")),
    ["display_data: b", "stdout: c"],
  );
});

Deno.test("a malformed output is an error that says what is missing", () => {
  assert.throws(
    () => collected(message("display_data", { metadata: {} })),
    /display_data message does not have the form of one: .*data/s,
  );
  assert.throws(() => collected(print("a", "stdfoo")), /stream message .*name/s);
});
