import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { join } from "node:path";
import type { TrainingBatches } from "../../src/data/batch.ts";
import { bce, bcena, ce } from "../../src/article/experiments.ts";
import type { Experiment } from "../../src/experiments.ts";
import type { Network } from "../../src/model/network.ts";
import type { Profile, TrainingPhase } from "../../src/profiles.ts";
import { readCheckpoint, writeCheckpoint } from "../../src/training/checkpoint.ts";
import { Interrupted, train } from "../../src/training/trainer.ts";
import type { TrainingOptions, TrainingProgress } from "../../src/training/trainer.ts";
import {
  CLASSES,
  syntheticEvaluation,
  syntheticLabels,
  syntheticTraining,
  tiny,
  TINY_NETWORK,
  TINY_PROFILE,
} from "./synthetic_data.ts";

await tf.setBackend("cpu");

const BATCHES = 3;
const EPOCHS = 3;

interface Changes extends Partial<TrainingOptions> {
  readonly profile?: Profile;
}

/** Trains a new network; the test gets its final values by name. */
async function trainTiny({ profile, experiment = bcena, ...changes }: Changes = {}) {
  const network = TINY_NETWORK.build(CLASSES, 1);
  try {
    const history = await train({
      network,
      ...settingOf(experiment, profile),
      seed: 1,
      training: syntheticTraining(BATCHES),
      validation: syntheticEvaluation(6),
      ...changes,
    });
    return { history, values: valuesOf(network) };
  } finally {
    network.dispose();
  }
}

function settingOf(experiment: Experiment, profile?: Profile) {
  return { experiment: tiny(experiment, profile), labels: syntheticLabels(experiment) };
}

function valuesOf(network: Network): Map<string, Float32Array> {
  const variables = [...network.namedVariables()];
  return new Map(variables.map(([name, variable]) => [name, variable.dataSync<"float32">()]));
}

async function withCheckpoint(test: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "checkpoint"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Aborts at the end of that step, counted from 1. */
function abortAfter(step: number): Pick<TrainingOptions, "signal" | "onProgress"> {
  const controller = new AbortController();
  let steps = 0;
  return {
    signal: controller.signal,
    onProgress: () => {
      if (++steps === step) controller.abort();
    },
  };
}

function profileOf(phases: Profile["phases"]): Profile {
  return { ...TINY_PROFILE, phases };
}

function constantSchedule(rate: number): TrainingPhase["schedule"] {
  return { maxLearningRates: rate, pctStart: 0.5, div: 1, finalDiv: 1 };
}

Deno.test("training learns to tell the classes apart", async () => {
  const { schedule } = TINY_PROFILE.phases[1]!;
  const phase = {
    ...TINY_PROFILE.phases[1]!,
    epochs: 5,
    schedule: { ...schedule, maxLearningRates: 0.03 },
  };
  const { history } = await trainTiny({
    experiment: ce,
    profile: profileOf([phase]),
    training: syntheticTraining(10),
    validation: syntheticEvaluation(20),
  });
  const [first, last] = [history[0]!, history.at(-1)!];
  assert.ok(last.valid_loss < 0.5 * first.valid_loss, JSON.stringify(history));
  assert.ok(last.accuracy > 0.9, JSON.stringify(history));
});

Deno.test("the history counts epochs over all phases, with the metrics the network has", async () => {
  const rows: unknown[] = [];
  const { history } = await trainTiny({ onEpoch: (row) => rows.push(row) });
  assert.deepEqual(rows, history);
  assert.deepEqual(
    history.map(({ epoch, phase }) => [epoch, phase]),
    [[0, "frozen"], [1, "unfrozen"], [2, "unfrozen"]],
  );
  for (const { epoch: _, phase: __, ...figures } of history) {
    for (const [name, figure] of Object.entries(figures)) {
      assert.ok(Number.isFinite(figure), `${name} is ${figure}`);
    }
  }
  const withoutNa = await trainTiny({ experiment: bce });
  for (const row of withoutNa.history) {
    assert.equal(row.accuracy_without_na, null);
    assert.equal(row.accuracy_with_na, null);
  }
});

Deno.test("progress counts batches and epochs; the loss of a phase shows from its second batch on", async () => {
  const reports: TrainingProgress[] = [];
  await trainTiny({ onProgress: (progress) => reports.push(progress) });
  assert.equal(reports.length, EPOCHS * BATCHES);
  assert.deepEqual(
    reports.map(({ epoch, batch }) => epoch * BATCHES + batch),
    reports.map((_, step) => step + 1),
  );
  for (const { loss, imagesPerSecond, secondsLeft, epochs, batches } of reports) {
    assert.ok(imagesPerSecond > 0 && secondsLeft >= 0);
    assert.deepEqual([epochs, batches], [EPOCHS, BATCHES]);
    assert.ok(Number.isNaN(loss) || loss > 0);
  }
  const unread = reports.filter(({ loss }) => Number.isNaN(loss));
  assert.deepEqual(unread.map(({ epoch, batch }) => [epoch, batch]), [[0, 1], [1, 1]]);
});

Deno.test("a frozen body keeps its convolutions, and trains everything else", async () => {
  const start = TINY_NETWORK.build(CLASSES, 1);
  const before = valuesOf(start);
  const parameters = start.parameters.map(({ name, kind, group }) => ({ name, kind, group }));
  start.dispose();
  const { values } = await trainTiny({ profile: profileOf([TINY_PROFILE.phases[0]!]) });
  for (const { name, kind } of parameters) {
    const same = String(values.get(name)) === String(before.get(name));
    assert.equal(same, kind === "convolution", name);
  }
});

Deno.test("a frozen body costs no filter gradients", async () => {
  for (const [phase, expected] of [[0, false], [1, true]] as const) {
    const { kernelNames } = await tf.profile(async () => {
      await trainTiny({ profile: profileOf([TINY_PROFILE.phases[phase]!]) });
      return tf.scalar(0);
    });
    assert.equal(kernelNames.includes("Conv2DBackpropFilter"), expected);
    assert.ok(kernelNames.includes("Conv2DBackpropInput"));
  }
});

Deno.test("the number of tensors is the same after each of 50 steps", async () => {
  const before = tf.memory().numTensors;
  const counts: number[] = [];
  await trainTiny({
    profile: profileOf([{ ...TINY_PROFILE.phases[1]!, epochs: 2 }]),
    training: syntheticTraining(25),
    onProgress: () => counts.push(tf.memory().numTensors),
  });
  assert.equal(counts.length, 50);
  assert.deepEqual(new Set(counts).size, 1, `${counts}`);
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("runs of one seed have the same bits, runs of another seed other dropout", async () => {
  const first = await trainTiny();
  const second = await trainTiny();
  const other = await trainTiny({ seed: 2 });
  assert.deepEqual(first.values, second.values);
  assert.notDeepEqual(first.values.get("l1"), other.values.get("l1"));
});

for (const step of [1, BATCHES, BATCHES + 2, EPOCHS * BATCHES]) {
  Deno.test(`training interrupted after step ${step} continues to the same bits and history`, () =>
    withCheckpoint(async (checkpoint) => {
      const through = await trainTiny();
      const interruption = await trainTiny({ checkpoint, ...abortAfter(step) })
        .then(() => assert.fail("not interrupted"), (error: unknown) => error);
      assert.ok(interruption instanceof Interrupted, String(interruption));
      assert.equal(interruption.checkpoint, checkpoint);
      const { state } = (await readCheckpoint(checkpoint))!;
      assert.equal(state.epoch * BATCHES + state.batch, step);

      const resumed = await trainTiny({ checkpoint });
      assert.deepEqual(resumed.values, through.values);
      const timeless = (history: typeof resumed.history) =>
        history.map((row) => ({ ...row, seconds: 0 }));
      assert.deepEqual(timeless(resumed.history), timeless(through.history));
    }));
}

Deno.test("training interrupted during validation continues with the validation", () =>
  withCheckpoint(async (checkpoint) => {
    const through = await trainTiny();
    const controller = new AbortController();
    const evaluation = syntheticEvaluation(6);
    const validation = {
      count: evaluation.count,
      async *batches() {
        for await (const batch of evaluation.batches()) {
          yield batch;
          controller.abort();
        }
      },
    };
    const { signal } = controller;
    await assert.rejects(trainTiny({ checkpoint, validation, signal }), Interrupted);
    assert.equal((await readCheckpoint(checkpoint))!.state.batch, BATCHES);
    assert.deepEqual((await trainTiny({ checkpoint })).values, through.values);
  }));

Deno.test("a training that was done is not trained further", () =>
  withCheckpoint(async (checkpoint) => {
    const done = await trainTiny({ checkpoint });
    const again = await trainTiny({ checkpoint, onProgress: () => assert.fail("trained") });
    assert.deepEqual(again, done);
  }));

Deno.test("an interruption without a checkpoint says that nothing was saved", async () => {
  await assert.rejects(trainTiny(abortAfter(2)), {
    name: "Interrupted",
    message: "training was interrupted in epoch 1 after batch 2; nothing was saved",
  });
});

Deno.test("a loss that is no longer a number stops training and keeps the last checkpoint", () =>
  withCheckpoint(async (checkpoint) => {
    const good = syntheticTraining(BATCHES);
    const training: TrainingBatches = {
      ...good,
      async *epoch(epoch, firstBatch) {
        for await (const batch of good.epoch(epoch, firstBatch)) {
          if (epoch === 1) batch.images[0] = NaN;
          yield batch;
        }
      },
    };
    const before = tf.memory().numTensors;
    await assert.rejects(trainTiny({ checkpoint, training }), (error: Error) => {
      assert.match(error.message, /^the training loss became NaN in epoch 2, by batch \d; /);
      assert.ok(error.message.includes(`${checkpoint} keeps the last good state. Try`));
      assert.match(
        error.message,
        /lower learning rates .* `deno task checked reproduce` or --backend cpu/,
      );
      return true;
    });
    assert.equal(tf.memory().numTensors, before);
    const { state, tensors } = (await readCheckpoint(checkpoint))!;
    assert.deepEqual([state.epoch, state.batch], [1, 0]);
    assert.ok([...tensors.values()].every((values) => values.every(Number.isFinite)));
  }));

Deno.test("a loss that is no longer a number in the first epoch leaves no checkpoint behind", () =>
  withCheckpoint(async (checkpoint) => {
    // Steps so long that the weights overflow.
    const phase = { ...TINY_PROFILE.phases[1]!, schedule: constantSchedule(1e30) };
    await assert.rejects(
      trainTiny({ checkpoint, profile: profileOf([phase]) }),
      /^Error: the training loss became (NaN|Infinity) in epoch 1, .*; nothing was saved yet\. Try/,
    );
    await assert.rejects(Deno.stat(checkpoint), Deno.errors.NotFound);
  }));

for (
  const [when, lastBatch, place] of [
    ["after an epoch", BATCHES, "by the end of epoch 2"],
    ["on interruption", 1, "in epoch 2, by batch 1"],
  ] as const
) {
  Deno.test(`a network with a value that is no number is not saved ${when}, whatever its loss`, () =>
    withCheckpoint(async (checkpoint) => {
      const network = TINY_NETWORK.build(CLASSES, 1);
      const [name, variance] = network.namedVariables().entries()
        .find(([name]) => name.endsWith(".variance"))!;
      const controller = new AbortController();
      const training = train({
        network,
        ...settingOf(bcena),
        seed: 1,
        training: syntheticTraining(BATCHES),
        validation: syntheticEvaluation(6),
        checkpoint,
        signal: controller.signal,
        onProgress: ({ epoch, batch }) => {
          if (epoch !== 1 || batch !== lastBatch) return;
          // Its reciprocal is 0, so that the losses stay finite.
          variance.assign(tf.fill(variance.shape, Infinity));
          if (batch < BATCHES) controller.abort();
        },
      });
      await assert.rejects(training, (error: Error) => {
        const expected = `a value of network/${name} became Infinity ${place}; ${checkpoint} keeps`;
        assert.ok(error.message.startsWith(expected), error.message);
        return true;
      });
      network.dispose();
      assert.equal((await readCheckpoint(checkpoint))!.state.epoch, 1);
      assert.deepEqual((await trainTiny({ checkpoint })).values, (await trainTiny()).values);
    }));
}

Deno.test("a checkpoint of a network with other values is refused", () =>
  withCheckpoint(async (checkpoint) => {
    await trainTiny({ checkpoint });
    const saved = (await readCheckpoint(checkpoint))!;
    for (const values of [undefined, new Float32Array(5)]) {
      const tensors = new Map(saved.tensors);
      if (values === undefined) tensors.delete("network/l1");
      else tensors.set("network/l1", values);
      await writeCheckpoint(checkpoint, { state: saved.state, tensors });
      await assert.rejects(
        trainTiny({ checkpoint }),
        /checkpoint: l1 has (no|5) values and not 128; delete it, or train anew with --fresh/,
      );
    }
  }));

Deno.test("a checkpoint in a place where no such training can stand is refused", () =>
  withCheckpoint(async (checkpoint) => {
    await trainTiny({ checkpoint });
    const { state, tensors } = (await readCheckpoint(checkpoint))!;
    for (
      const changed of [
        { epoch: 1000 },
        { batch: 1000 },
        { history: state.history.slice(1) },
        { history: state.history.map((row) => ({ ...row, phase: "other" })) },
      ]
    ) {
      await writeCheckpoint(checkpoint, { state: { ...state, ...changed }, tensors });
      await assert.rejects(
        trainTiny({ checkpoint }),
        /checkpoint: it stands in epoch \d+ of 3, batch \d+ of \d+, with a history of \d epochs; delete/,
      );
    }
    const stray = new Map([...tensors, ["adam mean/other", new Float32Array(1)]]);
    await writeCheckpoint(checkpoint, { state, tensors: stray });
    await assert.rejects(
      trainTiny({ checkpoint }),
      /checkpoint: Adam state of .*"other"; delete it/,
    );
  }));

Deno.test("a checkpoint of another run is refused with what differs", () =>
  withCheckpoint(async (checkpoint) => {
    await trainTiny({ checkpoint });
    await assert.rejects(
      trainTiny({ checkpoint, experiment: ce, seed: 2 }),
      (error: Error) => {
        assert.ok(error.message.includes('experiment.name is "bcena" there and "ce" here'));
        assert.ok(error.message.includes("seed is 1 there and 2 here"));
        return true;
      },
    );
  }));

Deno.test("data that does not fit the profile is refused before training", async () => {
  await assert.rejects(trainTiny({ training: syntheticTraining(0) }), {
    message: 'too few training pictures for one batch of 4 in experiment "bcena" ' +
      "(groups known, unknown); add pictures to the data set's train folder",
  });
  const training = syntheticTraining(BATCHES, { ...TINY_PROFILE, batchSize: 8 });
  await assert.rejects(trainTiny({ training }), {
    message: 'the training data comes in batches of 8, but profile "tiny" asks for 4',
  });
});

Deno.test("a profile that does not know a group of the network is refused before training", async () => {
  const [phase] = TINY_PROFILE.phases as [TrainingPhase];
  const schedule = { ...phase.schedule, maxLearningRates: { stem: 1e-3, head: 1e-3 } };
  await assert.rejects(
    trainTiny({
      profile: profileOf([phase, { ...phase, schedule }]),
      onProgress: () => assert.fail("trained"),
    }),
    /profile "tiny" has no learning rate for the group "stages"; network "tiny" has the groups/,
  );
});

Deno.test("data that ends early is an error, not a short epoch", async () => {
  const training = { ...syntheticTraining(BATCHES - 1), batchesPerEpoch: BATCHES };
  await assert.rejects(trainTiny({ training }), /gave 2 batches in epoch 1, but promised 3/);
});
