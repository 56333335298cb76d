import assert from "node:assert/strict";
import type { HistoryRow } from "../../src/training/history.ts";
import { epochText, progressText } from "../../src/training/terminal_display.ts";

const ROW: HistoryRow = {
  epoch: 0,
  phase: "frozen",
  train_loss: 0.51234,
  valid_loss: 0.4,
  accuracy: 0.75,
  accuracy_without_na: 0.5,
  accuracy_with_na: 0.625,
  seconds: 61,
};

Deno.test("progressText() says where training stands and how long it will take", () => {
  const text = progressText({
    phase: "frozen",
    epoch: 0,
    epochs: 22,
    batch: 12,
    batches: 80,
    loss: 0.41234,
    imagesPerSecond: 35.12,
    secondsLeft: 3720,
  });
  assert.equal(
    text,
    "frozen, epoch 1/22, batch 12/80, loss 0.412, 35.1 images/s, 1 h 02 min left",
  );
});

Deno.test("progressText() shows no NaN before the first loss has been read", () => {
  const text = progressText({
    phase: "scratch",
    epoch: 0,
    epochs: 5,
    batch: 1,
    batches: 80,
    loss: NaN,
    imagesPerSecond: 10,
    secondsLeft: 5,
  });
  assert.equal(text, "scratch, epoch 1/5, batch 1/80, loss -, 10.0 images/s, 5 s left");
});

Deno.test("epochText() leaves out the metrics that a network without na does not have", () => {
  assert.equal(
    epochText(ROW),
    "epoch 1 (frozen), train loss 0.5123, valid loss 0.4000, accuracy 75.0%, without na 50.0%, " +
      "with na 62.5%, 1 min 01 s",
  );
  assert.equal(
    epochText({ ...ROW, accuracy_without_na: null, accuracy_with_na: null }),
    "epoch 1 (frozen), train loss 0.5123, valid loss 0.4000, accuracy 75.0%, 1 min 01 s",
  );
});

Deno.test("where standard error is no terminal, showTraining() writes one line per epoch", async () => {
  const program = `
    import { showTraining } from "${new URL(
    "../../src/training/terminal_display.ts",
    import.meta.url,
  )}";
    const display = showTraining("bcena, seed 1");
    for (let batch = 1; batch <= 80; batch++) {
      display.onProgress({ phase: "frozen", epoch: 0, epochs: 2, batch, batches: 80,
        loss: 0.5, imagesPerSecond: 1, secondsLeft: 1 });
    }
    display.onEpoch(${JSON.stringify(ROW)});
    display.stop();
  `;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, program);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--no-check", "--config", config, file],
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stderr);
    assert.equal(code, 0, text);
    assert.equal(text, `bcena, seed 1  ${epochText(ROW)}\n`);
    assert.equal(stdout.length, 0);
  } finally {
    await Deno.remove(file);
  }
});
