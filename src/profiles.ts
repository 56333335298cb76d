/**
 * Training profiles as plain data: picture size, batch size and phases.
 *
 * @module
 */

import type { Start } from "./model/start.ts";

/** One cycle: learning rates rise from `max / div` to `max`, then fall to `max / finalDiv`. */
export interface OneCycle {
  /** The highest learning rate: one for all parameter groups, or one per group's name. */
  readonly maxLearningRates: number | Readonly<Record<string, number>>;
  /** The share of the batches during which learning rates rise, in (0, 1). */
  readonly pctStart: number;
  /** The highest learning rate divided by the first. */
  readonly div: number;
  /** The highest learning rate divided by the last. */
  readonly finalDiv: number;
}

/** A part of the training with its own one-cycle schedule and optimiser state. */
export interface TrainingPhase {
  /** Its name in the column `phase` of `history.csv`. */
  readonly name: string;
  readonly epochs: number;
  /** Names of the network's parameter groups that are frozen; their batch norms always train. */
  readonly frozen: readonly string[];
  readonly schedule: OneCycle;
}

/** The settings of a training. */
export interface Profile {
  readonly name: string;
  /** Side of the network's input in pixels. */
  readonly size: number;
  /**
   * Whether pictures are cropped to squares of their short side instead of padded to squares of
   * their long side: this makes objects larger but cuts off what is near the borders.
   */
  readonly crop?: boolean;
  /** Pictures per training step; all of them, if there are fewer. */
  readonly batchSize: number;
  /**
   * The fewest steps of an epoch: with too few pictures it goes through them several times. 1 by
   * default.
   */
  readonly minimumSteps?: number;
  /**
   * Weight decay of convolutions and linear layers, multiplied by the learning rate; by default
   * 0.01, as in fastai.
   */
  readonly weightDecay?: number;
  /** The origins of parameter groups' initial values, unless an experiment sets others. */
  readonly start?: Start;
  /** The phases, in order. */
  readonly phases: readonly TrainingPhase[];
}

/** All pictures five times at 64 pixels; takes minutes. */
export const quick: Profile = {
  name: "quick",
  size: 64,
  batchSize: 48,
  phases: [fromScratch(5)],
};

/** Every picture once, to check that everything works. Its networks learn little. */
export const smoke: Profile = {
  name: "smoke",
  size: 32,
  batchSize: 48,
  phases: [fromScratch(1)],
};

/**
 * For a network that others start from: long enough to learn from ten thousand pictures what most
 * pictures have in common. Pictures are cropped: padded, Imagewoof's dogs are so small that the same
 * training labels three points fewer of them correctly. Plain losses make better starts than
 * smoothed ones (Kornblith et al., "Why Do Better Loss Functions Lead to Less Transferable
 * Features?", 2021).
 */
export const pretrain: Profile = {
  name: "pretrain",
  size: 128,
  crop: true,
  batchSize: 64,
  weightDecay: 0.05,
  phases: [
    {
      name: "scratch",
      epochs: 18,
      frozen: [],
      schedule: { maxLearningRates: 4e-3, pctStart: 0.25, div: 25, finalDiv: 1e5 },
    },
  ],
};

/**
 * For a few hundred pictures: fine-tunes a trained network, with a minimum of steps however few
 * pictures there are. Chosen on Imagenette's training pictures alone (`tools/few_pictures/draw.ts`):
 * there, many steps on small batches reject more unseen pictures than half as many on batches twice
 * as large, and cropping, with which the network was trained, makes more known pictures correct
 * than padding. With an earlier network, phases that froze the body first were no better in the
 * same time.
 */
export const transfer: Profile = {
  name: "transfer",
  size: 128,
  crop: true,
  batchSize: 16,
  minimumSteps: 180,
  start: { body: "imagewoof" },
  phases: [
    {
      name: "unfrozen",
      epochs: 1,
      frozen: [],
      schedule: {
        maxLearningRates: { stem: 1e-4, stages: 5e-4, head: 4e-3 },
        pctStart: 0.3,
        div: 25,
        finalDiv: 1e5,
      },
    },
  ],
};

/** Number of epochs over all phases. */
export function totalEpochs(profile: Profile): number {
  return profile.phases.reduce((sum, { epochs }) => sum + epochs, 0);
}

/** One cycle over all parameters. */
function fromScratch(epochs: number): TrainingPhase {
  return {
    name: "scratch",
    epochs,
    frozen: [],
    schedule: { maxLearningRates: 3e-3, pctStart: 0.3, div: 25, finalDiv: 1e5 },
  };
}
