/**
 * The negative energy of the known logits: `log(sum(exp(z)))`, at temperature 1.
 *
 * Source: Liu, Wang, Owens and Li, "Energy-based Out-of-distribution Detection" (2020).
 *
 * @module
 */
import { highestOf, knownColumns, type Score } from "./score.ts";

/** An output for `na` is left out. */
export const energy: Score = {
  name: "energy",
  title: "energy",
  appliesTo: () => true,
  of({ labels }) {
    const columns = knownColumns(labels);
    return ({ logits }) => {
      // Subtracted before the sum, so that no exponential is infinite.
      const highest = highestOf(logits, columns);
      const sum = columns.reduce((sum, column) => sum + Math.exp(logits[column]! - highest), 0);
      return highest + Math.log(sum);
    };
  },
};
