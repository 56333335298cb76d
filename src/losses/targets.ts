/**
 * Targets of a batch: the desired scores of each picture. Pure.
 *
 * @module
 */

/** A label whose pictures have the same target at every output. */
export interface SharedTarget {
  readonly label: number;
  readonly target: number;
}

/**
 * One row per label: 1 at the label's output, else 0; the shared target in all places for the
 * shared label.
 *
 * @param labels N integers, each the index of an output or the label of `shared`
 * @param outputs C
 * @param shared the label whose row is not one-hot, if there is one
 * @returns [N x C], row-major
 * @throws {Error} if a label is neither an output nor the shared label.
 */
export function oneHotTargets(
  labels: ArrayLike<number>,
  outputs: number,
  shared?: SharedTarget,
): Float32Array {
  const targets = new Float32Array(labels.length * outputs);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    if (label === shared?.label) {
      targets.fill(shared.target, row * outputs, (row + 1) * outputs);
    } else if (Number.isInteger(label) && label >= 0 && label < outputs) {
      targets[row * outputs + label] = 1;
    } else {
      const others = shared === undefined || shared.label >= 0
        ? ""
        : `, or ${shared.label} for pictures of no output`;
      throw new Error(
        `label ${label} of picture ${row} in the batch: there are ${outputs} outputs, so labels ` +
          `are integers from 0 to ${outputs - 1}${others}; check which groups the experiment ` +
          "trains on",
      );
    }
  }
  return targets;
}
