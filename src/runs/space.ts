/**
 * The disk space that a run will need, estimated before it is trained.
 *
 * @module
 */
import type { Network } from "../model/network.ts";

/** Approximate numbers of bytes. */
export interface RunSpace {
  /** Size of the checkpoint. */
  readonly checkpoint: number;
  /** Size of the files that stay: the network and the predictions. */
  readonly results: number;
}

const BYTES_PER_VALUE = 4;

/** Bytes of a picture's row in `predictions.csv`: its path, category and labels, ... */
const BYTES_PER_PICTURE = 60;

/** ... and each of its logits. */
const BYTES_PER_LOGIT = 12;

/** The disk space needed by a run with this network. */
export function runSpace(network: Network, testPictures: number): RunSpace {
  const values = network.namedVariables().values().reduce((sum, { size }) => sum + size, 0);
  return {
    // The optimiser keeps two means of each parameter.
    checkpoint: BYTES_PER_VALUE * (values + 2 * network.parameterCount),
    results: BYTES_PER_VALUE * values +
      testPictures * (BYTES_PER_PICTURE + BYTES_PER_LOGIT * network.outputs),
  };
}
