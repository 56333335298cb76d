/**
 * A data set small enough to train on within a test: each class has its own brightness pattern.
 *
 * @module
 */
import type { Batch, EvaluationBatches, TrainingBatches } from "../../src/data/batch.ts";
import { NA } from "../../src/data/labels.ts";
import { describe, type Experiment, hasNaOutput } from "../../src/experiments.ts";
import { randomStream } from "../../src/random.ts";
import { xresnet } from "../../src/model/xresnet.ts";
import type { Profile } from "../../src/profiles.ts";

export const TINY_NETWORK = xresnet("tiny", {
  stem: [2, 2, 4],
  stages: [4, 8],
  blocks: [2, 2],
  hidden: 8,
});

/** Two phases, as the article's, of one and two epochs. */
export const TINY_PROFILE: Profile = {
  name: "tiny",
  size: 16,
  batchSize: 4,
  phases: [
    {
      name: "frozen",
      epochs: 1,
      frozen: ["stem", "stages"],
      schedule: {
        maxLearningRates: { stem: 2e-3, stages: 2e-3, head: 2e-2 },
        pctStart: 0.99,
        div: 25,
        finalDiv: 1e5,
      },
    },
    {
      name: "unfrozen",
      epochs: 2,
      frozen: [],
      schedule: {
        maxLearningRates: { stem: 1e-3, stages: 1e-2, head: 1e-2 },
        pctStart: 0.3,
        div: 5,
        finalDiv: 1e5,
      },
    },
  ],
};

export const CLASSES = 3;

/** An experiment with the tiny network, by default trained by the tiny profile. */
export function tiny(experiment: Experiment, profile: Profile = TINY_PROFILE): Experiment {
  return { ...experiment, network: TINY_NETWORK, profile };
}

/** The labels of the synthetic pictures, of which the first is na where an experiment has it. */
export function syntheticLabels(experiment: Experiment): string[] {
  return hasNaOutput(describe(experiment)) ? [NA, "a", "b"] : ["a", "b", "c"];
}

/** Batches that depend on their epoch and position alone. */
export function syntheticTraining(
  batchesPerEpoch: number,
  { batchSize, size }: Profile = TINY_PROFILE,
): TrainingBatches {
  return {
    batchSize,
    batchesPerEpoch,
    async *epoch(epoch, firstBatch = 0) {
      for (let position = firstBatch; position < batchesPerEpoch; position++) {
        yield await Promise.resolve(syntheticBatch(batchSize, size, "training", epoch, position));
      }
    },
  };
}

/** Full batches of 4 pictures and a smaller last one. */
export function syntheticEvaluation(count: number, size = TINY_PROFILE.size): EvaluationBatches {
  return {
    count,
    async *batches() {
      for (let first = 0; first < count; first += 4) {
        const inBatch = Math.min(4, count - first);
        yield await Promise.resolve(syntheticBatch(inBatch, size, "evaluation", first));
      }
    },
  };
}

export function syntheticBatch(
  count: number,
  size: number,
  ...key: readonly (string | number)[]
): Batch {
  const uniform = randomStream("synthetic", ...key);
  const images = new Float32Array(count * size * size * 3);
  const labels = new Int32Array(count);
  for (let picture = 0; picture < count; picture++) {
    const label = Math.floor(uniform() * CLASSES);
    labels[picture] = label;
    for (let i = 0; i < size * size * 3; i++) {
      const signal = i % CLASSES === label ? 1 : -1;
      images[picture * size * size * 3 + i] = signal + uniform() - 0.5;
    }
  }
  return { images, labels, count, size };
}
