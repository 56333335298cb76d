import assert from "node:assert/strict";
import { Writable } from "node:stream";
import {
  formatAmount,
  MEGABYTES,
  type ProgressStream,
  showProgress,
} from "../../src/data/progress.ts";

function recorder(isTTY: boolean): { stream: ProgressStream; text: () => string } {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY }), text: () => text };
}

Deno.test("showProgress() writes a line for every tenth part where there is no terminal", () => {
  const { stream, text } = recorder(false);
  const progress = showProgress("decoding", "pictures", stream);
  for (let done = 0; done <= 250; done++) progress.update(done, 250);
  progress.stop();
  const lines = text().trimEnd().split("\n");
  assert.equal(lines.length, 10);
  assert.match(lines[0]!, /^decoding: 25\/250 pictures, \d+\/s/);
  assert.match(lines[9]!, /^decoding: 250\/250 pictures/);
  assert.ok(!text().includes("\x1b"), "no control characters");
});

Deno.test("showProgress() draws a bar on a terminal and ends it when stopped early", () => {
  const { stream, text } = recorder(true);
  const progress = showProgress("decoding", "pictures", stream);
  progress.update(0, 10);
  progress.update(4, 10);
  progress.stop();
  assert.match(text(), /decoding \[.*\] 4\/10 pictures/);
});

Deno.test("showProgress() can be stopped before it began", () => {
  const { stream, text } = recorder(true);
  showProgress("decoding", "pictures", stream).stop();
  assert.ok(!text().includes("decoding"));
});

Deno.test("showProgress() shows bytes as megabytes", () => {
  for (const isTTY of [true, false]) {
    const { stream, text } = recorder(isTTY);
    const progress = showProgress("downloading", MEGABYTES, stream);
    progress.update(0, 99_003_388);
    progress.update(45_678_901, 99_003_388);
    progress.stop();
    assert.match(text(), /downloading.* 45\.7\/99\.0 MB/);
  }
  assert.equal(formatAmount(45_678_901, MEGABYTES), "45.7 MB");
});

Deno.test("showProgress() counts what was done before neither as lines nor as speed", () => {
  const { stream, text } = recorder(false);
  const progress = showProgress("downloading", "pieces", stream);
  progress.update(55, 100);
  progress.update(55, 100);
  progress.update(50, 100);
  assert.equal(text(), "");
  progress.update(60, 100);
  assert.match(text(), /^downloading: 60\/100 pieces, \d+\/s, .*\n$/);
});
