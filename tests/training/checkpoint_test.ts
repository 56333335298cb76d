import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  readCheckpoint,
  requireSameConfiguration,
  writeCheckpoint,
} from "../../src/training/checkpoint.ts";
import type { Checkpoint } from "../../src/training/checkpoint.ts";

const CHECKPOINT: Checkpoint = {
  state: {
    configuration: { experiment: "bcena", profile: { size: 64, phases: [{ epochs: 2 }] } },
    epoch: 1,
    batch: 3,
    epochSeconds: 12.5,
    smoothedLoss: { count: 7, biased: 0.1 + 0.2 },
    history: [{
      epoch: 0,
      phase: "frozen \u{1F44D}",
      train_loss: 0.5,
      valid_loss: 0.25,
      accuracy: 1 / 3,
      accuracy_without_na: null,
      accuracy_with_na: 0.5,
      seconds: 3,
    }],
    adamSteps: 7,
  },
  tensors: new Map([
    ["network/a", Float32Array.of(1, -0, NaN, 1e-45, Infinity)],
    ["network/empty", new Float32Array()],
    ["adam mean/a", Float32Array.of(0.1)],
  ]),
};

async function withFile(test: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "run", "checkpoint"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a checkpoint is read back with the same bits", () =>
  withFile(async (path) => {
    await writeCheckpoint(path, CHECKPOINT);
    assert.deepEqual(await readCheckpoint(path), CHECKPOINT);
  }));

Deno.test("a checkpoint replaces an older one and leaves no temporary file", () =>
  withFile(async (path) => {
    await writeCheckpoint(path, CHECKPOINT);
    const abandoned = `${path}.1-killed.tmp`;
    await Deno.writeTextFile(abandoned, "left by a killed process");
    await Deno.utime(abandoned, 0, 0);
    const newer = { ...CHECKPOINT, state: { ...CHECKPOINT.state, epoch: 2 } };
    await writeCheckpoint(path, newer);
    assert.equal((await readCheckpoint(path))?.state.epoch, 2);
    const files = [...Deno.readDirSync(join(path, ".."))].map(({ name }) => name);
    assert.deepEqual(files, ["checkpoint"]);
  }));

Deno.test("there is no checkpoint before one is written", () =>
  withFile(async (path) => assert.equal(await readCheckpoint(path), undefined)));

Deno.test("any flipped byte and any cut is detected, and the error names file and way out", () =>
  withFile(async (path) => {
    await writeCheckpoint(path, CHECKPOINT);
    const bytes = await Deno.readFile(path);
    for (let i = 0; i < bytes.length; i += 7) {
      const flipped = bytes.slice();
      flipped[i]! ^= 1;
      for (const damaged of [flipped, bytes.slice(0, i)]) {
        await Deno.writeFile(path, damaged);
        await assert.rejects(readCheckpoint(path), (error: Error) => {
          assert.ok(error.message.startsWith(`${path}: `), error.message);
          assert.ok(error.message.endsWith("; delete it, or train anew with --fresh"));
          return true;
        });
      }
    }
  }));

Deno.test("a header that was edited, digest and all, is an error that names file and way out", () =>
  withFile(async (path) => {
    const edits: [from: string, to: string, message: RegExp][] = [
      ['{"state"', '["state"', /its header is not JSON/],
      ['"length":5', '"length":9', /not as long as its 10 values/],
      ['"adamSteps"', '"adamStepz"', /written by another version \(.*adamSteps/],
    ];
    for (const [from, to, message] of edits) {
      await writeCheckpoint(path, CHECKPOINT);
      const bytes = await Deno.readFile(path);
      const content = Buffer.from(bytes.subarray(0, bytes.length - 32));
      assert.ok(content.includes(from));
      content.write(to, content.indexOf(from));
      const digest = createHash("sha256").update(content).digest();
      await Deno.writeFile(path, Buffer.concat([content, digest]));
      await assert.rejects(readCheckpoint(path), (error: Error) => {
        assert.match(error.message, message);
        assert.match(error.message, /^.*checkpoint: .*; delete it, or train anew with --fresh$/);
        return true;
      });
    }
  }));

Deno.test("a path that cannot be written is named", () =>
  withFile(async (path) => {
    await Deno.mkdir(path, { recursive: true });
    await assert.rejects(writeCheckpoint(path, CHECKPOINT), (error: Error) => {
      assert.ok(error.message.startsWith(`${path}: cannot be written`), error.message);
      return true;
    });
  }));

Deno.test("requireSameConfiguration() accepts the same settings in any order", () => {
  requireSameConfiguration("c", { a: 1, b: { c: [2, 3] } }, { b: { c: [2, 3] }, a: 1 });
});

Deno.test("requireSameConfiguration() names every setting that differs", () => {
  assert.throws(
    () =>
      requireSameConfiguration(
        "c",
        { profile: { size: 64, rates: [1, 2] }, seed: 1, old: true },
        { profile: { size: 128, rates: [1, 3] }, seed: 1 },
      ),
    {
      message: "c: the checkpoint belongs to another run (profile.size is 64 there and 128 here; " +
        "profile.rates.1 is 2 there and 3 here; old is true there and undefined here); " +
        "start it with the same settings, or train anew (--fresh, in a notebook fresh: true)",
    },
  );
});
