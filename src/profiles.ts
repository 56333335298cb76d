/**
 * Training profiles as plain data: picture size, batch size, network and phases.
 *
 * @module
 */
import type { NetworkDefinition } from "./model/network.ts";
import { XRESNET18 } from "./model/xresnet.ts";
import type { OneCycle } from "./training/schedule.ts";

/** A part of the training with its own one-cycle schedule and optimiser state. */
export interface TrainingPhase {
  /** As in the column `phase` of `history.csv`. */
  readonly name: "frozen" | "unfrozen" | "scratch";
  readonly epochs: number;
  /** Names of the parameter groups that keep their values; of most, the batch norms train on. */
  readonly frozen: readonly string[];
  readonly schedule: OneCycle;
}

/** How an experiment is trained. */
export interface Profile {
  readonly name: string;
  /** Side of the network's input in pixels. */
  readonly size: number;
  /** Pictures per training step. */
  readonly batchSize: number;
  readonly network: NetworkDefinition;
  /** In the order they are trained. */
  readonly phases: readonly TrainingPhase[];
}

/** The name of a profile, as used on the command line. */
export type ProfileName = "article" | "quick" | "smoke";

/** The profiles of the command line, by name. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  /** The article's protocol to the letter: `fine_tune(20, freeze_epochs=2)` at 128 pixels. */
  article: {
    name: "article",
    size: 128,
    batchSize: 48,
    network: XRESNET18,
    phases: [
      {
        name: "frozen",
        epochs: 2,
        frozen: ["stem", "stages"],
        schedule: {
          maxLearningRates: { stem: 2e-4, stages: 2e-4, head: 2e-3 },
          pctStart: 0.99,
          div: 25,
          finalDiv: 1e5,
        },
      },
      {
        name: "unfrozen",
        epochs: 20,
        frozen: [],
        schedule: {
          maxLearningRates: { stem: 1e-5, stages: 1e-4, head: 1e-3 },
          pctStart: 0.3,
          div: 5,
          finalDiv: 1e5,
        },
      },
    ],
  },
  /** The same data, losses, augmentation and optimiser, in a fraction of the time. */
  quick: {
    name: "quick",
    size: 64,
    batchSize: 48,
    network: XRESNET18,
    phases: [fromScratch(5)],
  },
  /** One look at every picture, to see that everything works. Its networks have learnt little. */
  smoke: {
    name: "smoke",
    size: 32,
    batchSize: 48,
    network: XRESNET18,
    phases: [fromScratch(1)],
  },
};

/**
 * The profile of that name.
 *
 * @throws {Error} if there is none; the message lists those there are.
 */
export function profileNamed(name: string): Profile {
  if (!Object.hasOwn(PROFILES, name)) {
    const names = Object.keys(PROFILES).join(", ");
    throw new Error(`unknown profile "${name}"; there are ${names}`);
  }
  return PROFILES[name as ProfileName];
}

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
    schedule: {
      maxLearningRates: 3e-3,
      pctStart: 0.3,
      div: 25,
      finalDiv: 1e5,
    },
  };
}
