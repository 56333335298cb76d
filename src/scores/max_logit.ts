/**
 * The highest logit of a known label: `max z`.
 *
 * Source: Vaze, Han, Vedaldi and Zisserman, "Open-Set Recognition: a Good Closed-Set Classifier is
 * All You Need?" (2022).
 *
 * @module
 */
import { highestOf, knownColumns, type Score } from "./score.ts";

/** For softmax networks only: a sigmoid keeps the order, so the logit would rank like the score. */
export const maxLogit: Score = {
  name: "max-logit",
  title: "highest known logit",
  appliesTo: ({ activation }) => activation === "softmax",
  of({ labels }) {
    const columns = knownColumns(labels);
    return ({ logits }) => highestOf(logits, columns);
  },
};
