/**
 * The page's data about its network: written when the page is made, read when it is opened. Pure.
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
  /**
   * The content of the network's `model.json`; its weights entry matches the weights in the page.
   */
  readonly model: unknown;
  /** The slider's initial value: the threshold of the experiment's decision, 0 for argmax. */
  readonly threshold: number;
  /** The highest scores of the run's test pictures, for its rates at any threshold. */
  readonly measured: MeasuredRun;
}

/** The ids of the elements that contain the page's data, weights and kernels. */
export const PARTS = {
  /** {@linkcode PageData} as JSON. */
  data: "page-data",
  /** The network's weights in Base64. */
  weights: "page-weights",
  /** The compiled kernels in Base64. */
  kernels: "page-kernels",
} as const;

/** The page's name for pictures outside the known categories. */
export const NONE_OF_THESE = "none of these";
