/**
 * How much room a run takes on disk, before it is trained.
 *
 * @module
 */
import type { Network } from "../model/network.ts";

/** Numbers of bytes, roughly. */
export interface RunSpace {
  /** Of the file that training continues from. */
  readonly checkpoint: number;
  /** Of what stays: the network and the predictions. */
  readonly results: number;
}

const BYTES_PER_VALUE = 4;

/** Of a picture's row in `predictions.csv`: its path, category and labels, ... */
const BYTES_PER_PICTURE = 60;

/** ... and each of its logits. */
const BYTES_PER_LOGIT = 12;

/** The room that a run with this network takes. */
export function runSpace(network: Network, testPictures: number): RunSpace {
  const values = network.namedVariables().values().reduce((sum, { size }) => sum + size, 0);
  return {
    // The optimiser keeps two means of each parameter.
    checkpoint: BYTES_PER_VALUE * (values + 2 * network.parameterCount),
    results: BYTES_PER_VALUE * values +
      testPictures * (BYTES_PER_PICTURE + BYTES_PER_LOGIT * network.outputs),
  };
}
