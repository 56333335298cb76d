/**
 * The predicted label in large letters, and the bars of all scores with the threshold as a line.
 *
 * @module
 */
/// <reference lib="dom" />
import { NA } from "../../data/labels.ts";
import { byId, element } from "./elements.ts";
import type { Labels } from "./labels.ts";

/**
 * The time an answer must last before it is read out; a camera's answers change many times a
 * second.
 */
const SETTLED_MILLISECONDS = 700;

/** Shows the answer to one picture at a time. */
export class AnswerView {
  readonly #answer = byId("answer");
  readonly #spoken = byId("spoken-answer");
  readonly #scores = byId("scores");
  readonly #bars: { readonly row: HTMLElement; readonly value: HTMLElement }[];
  #toSpeak: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly labels: Labels) {
    this.#bars = labels.labels.map((label) => {
      const name = labels.nameOf(label);
      const bar = element("span", { class: "bar" }, element("span", { class: "fill" }));
      bar.setAttribute("aria-hidden", "true");
      const value = element("span", { class: "value", text: "–" });
      const row = element("li", {}, element("span", { class: "name", text: name }), bar, value);
      this.#scores.append(row);
      return { row, value };
    });
  }

  /** @param scores of the picture; undefined if there is none yet */
  show(scores: readonly number[] | undefined, threshold: number): void {
    this.#scores.style.setProperty("--threshold", String(threshold));
    this.#scores.classList.toggle("without-threshold", threshold === 0);
    if (scores === undefined) return;
    const label = this.labels.decide(scores, threshold);
    const name = this.labels.nameOf(label);
    if (this.#answer.textContent !== name) {
      this.#answer.textContent = name;
      this.#speakLater(name);
    }
    this.#answer.classList.toggle("none", label === NA);
    this.#bars.forEach(({ row, value }, output) => {
      const score = scores[output]!;
      row.style.setProperty("--score", String(score));
      // No score stands for a picture that the threshold rejects, not even that of na.
      const isChosen = this.labels.labels[output] === label && score >= threshold;
      row.classList.toggle("chosen", isChosen);
      value.textContent = score.toFixed(3);
    });
  }

  #speakLater(name: string): void {
    clearTimeout(this.#toSpeak);
    this.#toSpeak = setTimeout(() => this.#spoken.textContent = name, SETTLED_MILLISECONDS);
  }
}
