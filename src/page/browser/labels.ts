/**
 * The names of the network's outputs on the page, and the decision by a threshold. Pure.
 *
 * @module
 */
import { readableName } from "../../data/categories.ts";
import { NA, naOutputOf } from "../../data/labels.ts";
import { threshold as thresholdAt } from "../../evaluation/decisions.ts";
import type { SavedMetadata } from "../../model/saved_network.ts";
import { NONE_OF_THESE } from "../page_data.ts";

/** The labels of a network. */
export class Labels {
  /** The labels of the outputs, in order. */
  readonly labels: readonly string[];
  readonly #naOutput: number;
  readonly #categoryNames: SavedMetadata["categoryNames"];

  constructor({ labels, categoryNames }: Pick<SavedMetadata, "labels" | "categoryNames">) {
    this.labels = labels;
    this.#naOutput = naOutputOf(labels);
    this.#categoryNames = categoryNames;
  }

  /** A label's readable name. */
  nameOf(label: string): string {
    return label === NA ? NONE_OF_THESE : readableName(this.#categoryNames, label);
  }

  /** The label predicted from scores; at threshold 0, the label with the highest score. */
  decide(scores: readonly number[], threshold: number): string {
    return this.labels[thresholdAt(threshold).decide(scores, this.#naOutput)] ?? NA;
  }
}
