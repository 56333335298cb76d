/**
 * The dropped or chosen pictures, with their predicted labels.
 *
 * @module
 */
/// <reference lib="dom" />
import { NA } from "../../data/labels.ts";
import type { Classifier } from "./classifier.ts";
import { byId, element, messageOf } from "./elements.ts";
import type { Labels } from "./labels.ts";
import { decoded, pixelsOf } from "./pixels.ts";

/** Longest side of displayed pictures, in pixels. */
const SHOWN_SIDE = 480;

/** A picture with its scores. */
export interface ClassifiedPicture {
  readonly name: string;
  /** The picture, scaled down for display. */
  readonly canvas: HTMLCanvasElement;
  readonly scores: readonly number[];
}

interface Entry {
  readonly picture: ClassifiedPicture;
  readonly button: HTMLButtonElement;
  /** The predicted label. */
  readonly caption: HTMLElement;
  /** The highest score and its label. */
  readonly score: HTMLElement;
}

/** A grid of pictures, one of which is selected. */
export class Gallery {
  readonly #list = byId("gallery");
  readonly #status = byId("gallery-status");
  readonly #clear = byId<HTMLButtonElement>("clear");
  #entries: Entry[] = [];
  #waiting = 0;

  /** @param onChoice receives the selected picture */
  constructor(
    private readonly labels: Labels,
    private readonly threshold: () => number,
    private readonly onChoice: (picture: ClassifiedPicture) => void,
  ) {
    this.#clear.addEventListener("click", () => this.#empty());
  }

  /** Classifies files one after the other. */
  async add(files: Iterable<File>, classifier: Promise<Classifier>): Promise<void> {
    const added = [...files];
    this.#waiting += added.length;
    this.#showStatus();
    for (const [index, file] of added.entries()) {
      try {
        const entry = this.#append(await classified(file, await classifier));
        if (index === 0) this.#choose(entry);
      } catch (error) {
        const text = `${file.name}: cannot be used (${messageOf(error)})`;
        this.#list.append(element("li", { class: "unusable", text }));
      }
      this.#waiting--;
      this.#showStatus();
      // Gives the browser time to draw the page and to move the slider.
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  /** Shows the labels at the current threshold. */
  showAnswers(): void {
    for (const entry of this.#entries) this.#showAnswer(entry);
  }

  #append(picture: ClassifiedPicture): Entry {
    const caption = element("span", { class: "caption" });
    const score = element("span", { class: "detail" });
    const name = element("span", { class: "detail", text: picture.name });
    const button = element("button", {}, picture.canvas, caption, score, name);
    button.type = "button";
    const entry = { picture, button, caption, score };
    button.addEventListener("click", () => this.#choose(entry));
    this.#entries.push(entry);
    this.#showAnswer(entry);
    this.#list.append(element("li", {}, button));
    return entry;
  }

  #choose(chosen: Entry): void {
    for (const { button } of this.#entries) {
      button.setAttribute("aria-pressed", String(button === chosen.button));
    }
    this.onChoice(chosen.picture);
  }

  #showAnswer({ picture: { scores }, caption, score }: Entry): void {
    const { labels } = this;
    const label = labels.decide(scores, this.threshold());
    caption.textContent = labels.nameOf(label);
    caption.classList.toggle("none", label === NA);
    const highest = labels.decide(scores, 0);
    const name = label === highest ? "" : `${labels.nameOf(highest)} `;
    score.textContent = `${name}${Math.max(...scores).toFixed(2)}`;
  }

  #showStatus(): void {
    const done = this.#entries.length;
    const pictures = `${done} ${done === 1 ? "picture" : "pictures"} classified`;
    this.#status.textContent = this.#waiting > 0 ? `${pictures}, ${this.#waiting} to go` : pictures;
    this.#clear.hidden = this.#list.childElementCount === 0;
  }

  #empty(): void {
    this.#entries = [];
    this.#list.replaceChildren();
    this.#showStatus();
  }
}

async function classified(file: File, classifier: Classifier): Promise<ClassifiedPicture> {
  const bitmap = await decoded(file);
  try {
    const { width, height } = bitmap;
    const scores = await classifier.scores(pixelsOf(bitmap, width, height));
    const canvas = element("canvas");
    const scale = Math.min(1, SHOWN_SIDE / Math.max(width, height));
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    canvas.getContext("2d")!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return { name: file.name, canvas, scores };
  } finally {
    bitmap.close();
  }
}
