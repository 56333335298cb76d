/**
 * Training profiles as plain data: picture size, batch size and phases.
 *
 * @module
 */

import type { Start } from "./model/start.ts";

/** One cycle: learning rates rise from `max / div` to `max`, then fall to `max / finalDiv`. */
export interface OneCycle {
  /** The highest learning rate: of all parameter groups, or of each by its name. */
  readonly maxLearningRates: number | Readonly<Record<string, number>>;
  /** The share of the batches in which learning rates rise, in (0, 1). */
  readonly pctStart: number;
  /** How many times lower than the highest the first learning rate is. */
  readonly div: number;
  /** How many times lower than the highest the last learning rate is. */
  readonly finalDiv: number;
}

/** A part of the training with its own one-cycle schedule and optimiser state. */
export interface TrainingPhase {
  /** As in the column `phase` of `history.csv`. */
  readonly name: string;
  readonly epochs: number;
  /** Names of the network's parameter groups that are frozen; their batch norms always train. */
  readonly frozen: readonly string[];
  readonly schedule: OneCycle;
}

/** How a network is trained. */
export interface Profile {
  readonly name: string;
  /** Side of the network's input in pixels. */
  readonly size: number;
  /**
   * Whether pictures are cropped to squares of their short side, and not padded to squares of their
   * long side: objects are larger then, and what is near the borders is not seen.
   */
  readonly crop?: boolean;
  /** Pictures per training step; all of them, where there are fewer. */
  readonly batchSize: number;
  /** Steps that an epoch has at least: fewer pictures are gone through several times. 1 if not given. */
  readonly minimumSteps?: number;
  /** Of convolutions and linear layers, times the learning rate; 0.01, fastai's, if not given. */
  readonly weightDecay?: number;
  /** What parameter groups start from, unless an experiment says otherwise. */
  readonly start?: Start;
  /** In the order they are trained. */
  readonly phases: readonly TrainingPhase[];
}

/** All pictures five times at 64 pixels: minutes. */
export const quick: Profile = {
  name: "quick",
  size: 64,
  batchSize: 48,
  phases: [fromScratch(5)],
};

/** One look at every picture, to see that everything works. Its networks have learnt little. */
export const smoke: Profile = {
  name: "smoke",
  size: 32,
  batchSize: 48,
  phases: [fromScratch(1)],
};

/**
 * A network to start others from: long enough to learn from ten thousand pictures what most pictures
 * have in common. Plain losses make better starts than smoothed ones (Kornblith et al., "Why Do
 * Better Loss Functions Lead to Less Transferable Features?", 2021).
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
 * For a few hundred pictures: a trained network learns them in as many steps as it takes, however few
 * they are. Chosen on pictures that Imagenette trains with, see `tools/few_pictures/draw.ts`; phases
 * that froze the body first were no better in the same time.
 */
export const transfer: Profile = {
  name: "transfer",
  size: 128,
  batchSize: 32,
  minimumSteps: 90,
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
