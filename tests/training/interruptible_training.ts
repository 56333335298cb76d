/**
 * A program that trains a tiny network, for tests that kill it:
 * `interruptible_training.ts CHECKPOINT WEIGHTS BACKEND`. SIGINT interrupts the training, with exit
 * code 130. A training that ends writes the network's values and history to WEIGHTS.
 */
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startBackend } from "../../src/backend/start_backend.ts";
import type { BackendName } from "../../src/backend/start_backend.ts";
import type { TrainingBatches } from "../../src/data/batch.ts";
import { bcena } from "../../src/article/experiments.ts";
import { Interrupted, train } from "../../src/training/trainer.ts";
import {
  CLASSES,
  syntheticEvaluation,
  syntheticLabels,
  syntheticTraining,
  tiny,
  TINY_NETWORK,
} from "./synthetic_data.ts";

/** Keeps the training from being over before a signal arrives. */
const MILLISECONDS_PER_BATCH = 25;

const [checkpoint, weights, backend] = Deno.args as [string, string, BackendName];
await startBackend(backend);

const interruption = new AbortController();
Deno.addSignalListener("SIGINT", () => interruption.abort());

const network = TINY_NETWORK.build(CLASSES, 5);
try {
  const history = await train({
    network,
    experiment: tiny(bcena),
    labels: syntheticLabels(bcena),
    seed: 5,
    training: slowed(syntheticTraining(12)),
    validation: syntheticEvaluation(6),
    checkpoint,
    signal: interruption.signal,
    onProgress: ({ epoch, batch }) => console.log(`epoch ${epoch}, batch ${batch}`),
  });
  const values = [...network.namedVariables()]
    .map(([name, variable]) => [name, [...variable.dataSync()]]);
  const rows = history.map(({ seconds: _, ...row }) => row);
  Deno.mkdirSync(dirname(weights), { recursive: true });
  Deno.writeTextFileSync(weights, JSON.stringify({ values, rows }));
  Deno.exit(0);
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  console.error(error.message);
  Deno.exit(130);
}

function slowed(batches: TrainingBatches): TrainingBatches {
  return {
    ...batches,
    async *epoch(epoch, firstBatch) {
      for await (const batch of batches.epoch(epoch, firstBatch)) {
        await delay(MILLISECONDS_PER_BATCH);
        yield batch;
      }
    },
  };
}
