/**
 * What a page knows of its network: written when the page is made, read when it is opened. Pure.
 *
 * @module
 */
import type { MeasuredRun } from "./measured_rates.ts";

/** Everything but the weights and the kernels. */
export interface PageData {
  /** The experiment's title. */
  readonly title: string;
  /** Name of the data set. */
  readonly dataset: string;
  /** The content of the network's `model.json`, with the weights as they are in the page. */
  readonly model: unknown;
  /** Where the slider starts: the threshold of the experiment's decision, 0 for argmax. */
  readonly threshold: number;
  /** What thresholds meant on the run's test pictures. */
  readonly measured: MeasuredRun;
}

/** The ids of the elements that hold the parts of the page that are not its text. */
export const PARTS = {
  /** {@linkcode PageData} as JSON. */
  data: "page-data",
  /** The network's weights in Base64. */
  weights: "page-weights",
  /** The compiled kernels in Base64. */
  kernels: "page-kernels",
} as const;

/** What pictures are called that are none of the known categories. */
export const NONE_OF_THESE = "none of these";
