/**
 * The trainings that are repeated in PyTorch: small, but with every part of the real ones.
 *
 * @module
 */
import type { Experiment } from "../../../src/experiments.ts";
import { xresnet } from "../../../src/model/xresnet.ts";
import { type Profile, PROFILES } from "../../../src/profiles.ts";
import type { TrainingOptions } from "../../../src/training/trainer.ts";
import { CLASSES, syntheticEvaluation, syntheticTraining } from "../synthetic_data.ts";

/**
 * The article's phases and learning rates in one and two epochs. The third stage gets pictures of
 * 3x3 pixels, so that its average pool has windows at an edge.
 */
const PROFILE: Profile = {
  name: "small",
  size: 24,
  batchSize: 8,
  network: xresnet("small", {
    stem: [2, 2, 4],
    stages: [4, 8, 16],
    blocks: [2, 2, 2],
    hidden: 8,
  }),
  phases: PROFILES.article.phases.map((phase, index) => ({ ...phase, epochs: index + 1 })),
};

const SEED = 1;
const BATCHES_PER_EPOCH = 5;
const VALIDATION_PICTURES = 50;

/** What {@linkcode train} needs for an experiment; whoever asked disposes the network. */
export function smallTraining(experiment: Experiment): TrainingOptions {
  return {
    network: PROFILE.network.build(CLASSES, SEED),
    experiment,
    profile: PROFILE,
    seed: SEED,
    training: syntheticTraining(BATCHES_PER_EPOCH, PROFILE),
    validation: syntheticEvaluation(VALIDATION_PICTURES, PROFILE.size),
  };
}
