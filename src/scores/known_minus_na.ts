/**
 * The highest known logit minus the logit of `na`: `max z_known - z_na`. Argmax accepts from 0 on.
 *
 * @module
 */
import { naOutputOf } from "../data/labels.ts";
import { highestOf, knownColumns, type Score } from "./score.ts";

/** Only for networks trained with an output for `na`. */
export const knownMinusNa: Score = {
  name: "known-minus-na",
  title: "highest known logit minus that of na",
  appliesTo: ({ naTarget }) => naTarget === "output",
  of({ labels }) {
    const columns = knownColumns(labels);
    const na = naOutputOf(labels);
    if (na < 0) throw new RangeError(`no label na among ${labels.join(", ")}`);
    return ({ logits }) => highestOf(logits, columns) - logits[na]!;
  },
};
