import assert from "node:assert/strict";
import { DISPLAY, type Displayable, type MimeBundle } from "../../src/notebooks/show.ts";
import { TrainingDisplay } from "../../src/notebooks/training_display.ts";
import type { HistoryRow } from "../../src/training/history.ts";
import type { TrainingProgress } from "../../src/training/trainer.ts";

/** Keeps what is shown, and a clock that is set by hand. */
function recorder() {
  const shown: MimeBundle[] = [];
  const clock = { now: 0 };
  let onShown = () => {};
  const output = async (value: Displayable) => {
    shown.push(await value[DISPLAY]());
    onShown();
  };
  return {
    shown,
    clock,
    display: new TrainingDisplay(output, () => clock.now),
    /** Does something and waits until it is shown. */
    shownAfter: (action: () => void) =>
      new Promise<void>((resolve) => {
        onShown = resolve;
        action();
      }),
  };
}

function step(epoch: number, batch: number): TrainingProgress {
  const pace = { loss: 0.5, imagesPerSecond: 48, secondsLeft: 90 };
  return { phase: "scratch", epoch, epochs: 2, batch, batches: 10, ...pace };
}

const EPOCH: HistoryRow = {
  epoch: 0,
  phase: "scratch",
  train_loss: 0.5,
  valid_loss: 0.45,
  accuracy: 0.75,
  accuracy_without_na: null,
  accuracy_with_na: null,
  seconds: 61,
};

Deno.test("training shows how far it is, the time left, its losses after each step and its epochs", async () => {
  const { shown, clock, display, shownAfter } = recorder();
  const run = display.training("ce, seed <1>");
  await shownAfter(() => run.onProgress(step(0, 1)));
  run.onEpoch(EPOCH);
  clock.now = 5000;
  await shownAfter(() => run.onProgress(step(1, 3)));
  run.stop();
  await display.end();
  const html = shown.map((bundle) => String(bundle["text/html"]));
  assert.match(html[0]!, /<b>ce, seed &lt;1&gt;<\/b> <progress value="1" max="20">/);
  assert.match(html[0]!, /epoch 1\/2, batch 1\/10, loss 0\.500, 48\.0 images\/s, 1 min 30 s left/);
  assert.doesNotMatch(html[0]!, /<table>/);
  assert.match(html[0]!, /<polyline points="\d+[.\d]*,[.\d]+"/);
  assert.match(html[1]!, /<progress value="13" max="20">/);
  assert.match(html[1]!, /<td[^>]*>0\.4500<\/td>/);
  assert.match(html[1]!, /<svg /);
  assert.match(shown[1]!["text/plain"], /scratch +0\.5000 +0\.4500 +75\.0%/);
  assert.equal(
    shown[2]!["text/plain"],
    "ce, seed <1>: validation loss 0.450 and accuracy 75.0% after epoch 1, 1 min 01 s",
  );
  assert.doesNotMatch(html[2]!, /<progress|<svg/);
});

Deno.test("what changes faster than a reader follows is not all shown", async () => {
  const { shown, clock, display, shownAfter } = recorder();
  const run = display.training("ce, seed 1");
  await shownAfter(() => run.onProgress(step(0, 1)));
  for (let batch = 2; batch <= 4; batch++) {
    clock.now += 300;
    run.onProgress(step(0, batch));
  }
  clock.now += 300;
  await shownAfter(() => run.onProgress(step(0, 5)));
  const batches = shown.map((bundle) => /batch (\d)/.exec(bundle["text/plain"])![1]);
  assert.deepEqual(batches, ["1", "5"]);
});

Deno.test("earlier work stays as one line while the next one goes on", async () => {
  const { shown, clock, display, shownAfter } = recorder();
  const decoding = display.decoding();
  await shownAfter(() => decoding.update(0, 40));
  decoding.update(40, 40);
  decoding.stop();
  const run = display.training("bce, seed 1");
  clock.now = 5000;
  await shownAfter(() => run.onProgress(step(0, 1)));
  run.stop();
  await display.end();
  assert.deepEqual(shown.map((bundle) => bundle["text/plain"].split("\n")), [
    ["decoding: 0.0% of 40 pictures"],
    [
      "decoding: 100.0% of 40 pictures",
      "bce, seed 1: scratch, epoch 1/2, batch 1/10, loss 0.500, 48.0 images/s, 1 min 30 s left",
    ],
    ["decoding: 100.0% of 40 pictures", "bce, seed 1: stopped before the end of an epoch"],
  ]);
});

Deno.test("nothing is shown where nothing was to be done", async () => {
  const { shown, display } = recorder();
  display.decoding().stop();
  await display.end();
  assert.deepEqual(shown, []);
});

Deno.test("what an update throws comes out at the end, not before", async () => {
  const display = new TrainingDisplay(() => Promise.reject(new Error("no display")));
  display.decoding().update(1, 2);
  await assert.rejects(display.end(), /no display/);
});
