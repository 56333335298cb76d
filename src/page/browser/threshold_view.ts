/**
 * The slider of the threshold, and the measured rates on the test pictures at this threshold.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Group } from "../../data/categories.ts";
import { countsAt, type MeasuredRun } from "../measured_rates.ts";
import { byId, element } from "./elements.ts";

/** The titles and explanations of each group's share of correct labels. */
const TITLES: Readonly<Record<Group, { readonly title: string; readonly explanation: string }>> = {
  known: { title: "known correct", explanation: "of the categories it was trained to tell apart" },
  unknown: { title: "unknown rejected", explanation: "of other things it was trained with" },
  unseen: { title: "unseen rejected", explanation: "of things it has never seen" },
};

/** Lets the reader move the threshold. */
export class ThresholdView {
  readonly #slider = byId<HTMLInputElement>("threshold");
  readonly #value = byId("threshold-value");
  readonly #reset = byId<HTMLButtonElement>("threshold-reset");
  readonly #rates = byId("rates");

  /**
   * @param start the threshold of the experiment's own decision
   * @param onChange receives every new threshold
   */
  constructor(
    private readonly measured: MeasuredRun,
    private readonly start: number,
    private readonly onChange: (threshold: number) => void,
  ) {
    this.#slider.addEventListener("input", () => this.#changed());
    this.#reset.addEventListener("click", () => {
      this.#slider.value = String(start);
      this.#changed();
    });
    this.#slider.value = String(start);
    this.#show();
  }

  /** The current threshold; at 0 the highest score decides. */
  get threshold(): number {
    return Number(this.#slider.value);
  }

  #changed(): void {
    this.#show();
    this.onChange(this.threshold);
  }

  #show(): void {
    const { threshold } = this;
    const text = threshold === 0 ? "0, the highest score decides" : threshold.toFixed(2);
    this.#value.textContent = text;
    this.#slider.setAttribute("aria-valuetext", text);
    this.#reset.disabled = threshold === this.start;
    this.#rates.replaceChildren(
      ...countsAt(this.measured, threshold).map(({ group, correct, pictures }) => {
        const { title, explanation } = TITLES[group];
        return element(
          "div",
          {},
          element("dt", { text: title }),
          element("dd", { class: "rate", text: `${(correct / pictures * 100).toFixed(1)}%` }),
          element("dd", {
            class: "explanation",
            text: `${correct} of ${pictures} test pictures ${explanation}`,
          }),
        );
      }),
    );
  }
}
