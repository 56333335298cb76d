/**
 * The trainings that the study compares.
 *
 * @module
 */
import { bce, bceNa, bcena, ce } from "../article/experiments.ts";
import type { Experiment } from "../experiments.ts";
import { energyRegularised } from "../losses/energy_regularised.ts";
import { entropicOpenSet } from "../losses/entropic_open_set.ts";
import { objectosphere } from "../losses/objectosphere.ts";

/** A way to train, which may leave something open that validation pictures decide. */
export interface Training {
  /** Names its folders; no two trainings of a study share one. */
  readonly name: string;
  /** For tables and figures. */
  readonly title: string;
  /**
   * The experiments that differ in their hyper-parameters. All are trained where there are several,
   * and that with the largest area under the OSCR curve of energies on validation pictures is kept.
   */
  readonly candidates: readonly [Experiment, ...Experiment[]];
}

/** A training without anything to choose. */
export function asTraining(experiment: Experiment): Training {
  return { name: experiment.name, title: experiment.title, candidates: [experiment] };
}

const ceNa: Experiment = { ...bceNa, name: "ce-na", title: "CE with na class", loss: ce.loss };

const entropic: Experiment = {
  ...bceNa,
  name: "entropic",
  title: "Entropic open-set",
  loss: entropicOpenSet,
};

const sphere: Experiment = {
  ...bceNa,
  name: "objectosphere",
  title: "Objectosphere",
  loss: objectosphere(),
};

/**
 * Of known and of unknown pictures. At first all logits are near 0, an energy of -log 4 = -1.4: the
 * unknown margins are about there, the known ones from near to far.
 */
const ENERGY_MARGINS = [[-4, -1], [-8, -1], [-12, -2]] as const;

const [nearest, ...farther] = ENERGY_MARGINS.map(
  ([knownMargin, unknownMargin]): Experiment => ({
    ...bceNa,
    name: "energy",
    title: "Energy-regularised",
    loss: energyRegularised({ knownMargin, unknownMargin }),
  }),
);

/** In the order of tables. Their decisions are not used: the study chooses thresholds itself. */
export const TRAININGS: readonly Training[] = [
  asTraining(ce),
  asTraining(bce),
  asTraining(ceNa),
  asTraining(bceNa),
  asTraining(bcena),
  asTraining(entropic),
  asTraining(sphere),
  { name: "energy", title: "Energy-regularised", candidates: [nearest!, ...farther] },
];
