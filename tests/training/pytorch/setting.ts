/**
 * The trainings that are repeated in PyTorch: small, but with every part of the real ones.
 *
 * @module
 */
import { ARTICLE_PROFILE } from "../../../src/article/profile.ts";
import type { Experiment } from "../../../src/experiments.ts";
import { xresnet } from "../../../src/model/xresnet.ts";
import type { Profile } from "../../../src/profiles.ts";
import type { TrainingOptions } from "../../../src/training/trainer.ts";
import {
  CLASSES,
  syntheticEvaluation,
  syntheticLabels,
  syntheticTraining,
} from "../synthetic_data.ts";

/**
 * The article's phases and learning rates in one and two epochs. The third stage gets pictures of
 * 3x3 pixels, so that its average pool has windows at an edge.
 */
const PROFILE: Profile = {
  name: "small",
  size: 24,
  batchSize: 8,
  phases: ARTICLE_PROFILE.phases.map((phase, index) => ({ ...phase, epochs: index + 1 })),
};

const NETWORK = xresnet("small", {
  stem: [2, 2, 4],
  stages: [4, 8, 16],
  blocks: [2, 2, 2],
  hidden: 8,
});

const SEED = 1;
const BATCHES_PER_EPOCH = 5;
const VALIDATION_PICTURES = 50;

/** What {@linkcode train} needs for an experiment; the caller disposes the network. */
export function smallTraining(experiment: Experiment): TrainingOptions {
  return {
    network: NETWORK.build(CLASSES, SEED),
    experiment: { ...experiment, network: NETWORK, profile: PROFILE },
    labels: syntheticLabels(experiment),
    seed: SEED,
    training: syntheticTraining(BATCHES_PER_EPOCH, PROFILE),
    validation: syntheticEvaluation(VALIDATION_PICTURES, PROFILE.size),
  };
}
