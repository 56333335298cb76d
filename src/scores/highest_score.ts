/**
 * The highest softmax or sigmoid of a known label: `max p`.
 *
 * Source: Hendrycks and Gimpel, "A Baseline for Detecting Misclassified and Out-of-Distribution
 * Examples in Neural Networks" (2017), where it is the maximum softmax probability.
 *
 * @module
 */
import { activated } from "../losses/activation.ts";
import { highestOf, knownColumns, type Score } from "./score.ts";

/** The output for `na` is ignored, except for its part in a softmax. */
export const highestScore: Score = {
  name: "highest-score",
  title: "highest known score",
  appliesTo: () => true,
  of({ labels, activation }) {
    const columns = knownColumns(labels);
    return ({ logits, scores }) => highestOf(scores ?? activated(logits, activation), columns);
  },
};
