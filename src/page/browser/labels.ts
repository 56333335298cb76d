/**
 * What the network's outputs are called on the page, and what a threshold decides. Pure.
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
  /** Of the outputs, in order. */
  readonly labels: readonly string[];
  readonly #naOutput: number;
  readonly #categoryNames: SavedMetadata["categoryNames"];

  constructor({ labels, categoryNames }: Pick<SavedMetadata, "labels" | "categoryNames">) {
    this.labels = labels;
    this.#naOutput = naOutputOf(labels);
    this.#categoryNames = categoryNames;
  }

  /** What a label is called. */
  nameOf(label: string): string {
    return label === NA ? NONE_OF_THESE : readableName(this.#categoryNames, label);
  }

  /** The label of scores; at threshold 0 that of the highest. */
  decide(scores: readonly number[], threshold: number): string {
    return this.labels[thresholdAt(threshold).decide(scores, this.#naOutput)] ?? NA;
  }
}
