/**
 * The page's main program, which starts when the page is opened.
 *
 * @module
 */
/// <reference lib="dom" />
import "./without_eval.ts";
import { AnswerView } from "./answer_view.ts";
import { Camera } from "./camera.ts";
import { Classifier } from "./classifier.ts";
import { byId, messageOf } from "./elements.ts";
import { embeddedData, embeddedKernels, embeddedNetwork } from "./embedded.ts";
import { compared, cpuEngine, type Engine, gpuEngine, hasGpu } from "./engine.ts";
import { Gallery } from "./gallery.ts";
import { Labels } from "./labels.ts";
import { decoded, type PictureSource, pixelsOf } from "./pixels.ts";
import { ThresholdView } from "./threshold_view.ts";

/** The result of `window.classify` for a picture. */
export interface Answer {
  /** A category, or `na` for none of them, at the slider's threshold. */
  readonly label: string;
  /** Scores in [0, 1], by the labels of the network's outputs. */
  readonly scores: Readonly<Record<string, number>>;
}

const data = embeddedData();
const saved = embeddedNetwork(data);
const labels = new Labels(saved.metadata);
const classifier = openClassifier();

/** The scores of the selected picture or of the camera's last frame. */
let current: readonly number[] | undefined;

const thresholds = new ThresholdView(data.measured, data.threshold, () => {
  answer.show(current, thresholds.threshold);
  gallery.showAnswers();
});
const answer = new AnswerView(labels);
answer.show(undefined, data.threshold);

const gallery = new Gallery(labels, () => thresholds.threshold, ({ name, canvas, scores }) => {
  camera.stop();
  lookAt("picture");
  const shown = byId<HTMLCanvasElement>("picture");
  [shown.width, shown.height] = [canvas.width, canvas.height];
  shown.getContext("2d")!.drawImage(canvas, 0, 0);
  shown.setAttribute("aria-label", name);
  show(scores);
});

const camera = new Camera(classifier, {
  onStart: () => lookAt("video"),
  onStop: () => lookAt("nothing"),
  onScores: show,
});

Object.assign(globalThis, { classify });
takeFiles();
void classifier.then(useGpu, (error) => say(`The network cannot be opened: ${messageOf(error)}`));

/**
 * Classifies a file or anything that a canvas can draw: `window.classify`.
 *
 * @throws {Error} if it cannot be decoded
 */
async function classify(source: PictureSource): Promise<Answer> {
  const bitmap = await decoded(source);
  try {
    const pixels = pixelsOf(bitmap, bitmap.width, bitmap.height);
    const scores = await (await classifier).scores(pixels);
    return {
      label: labels.decide(scores, thresholds.threshold),
      scores: Object.fromEntries(labels.labels.map((label, output) => [label, scores[output]!])),
    };
  } finally {
    bitmap.close();
  }
}

async function openClassifier(): Promise<Classifier> {
  // Lets the browser draw the page first.
  await new Promise((resolve) => setTimeout(resolve));
  const engine = await cpuEngine(saved, embeddedKernels());
  sayEngine(engine);
  return new Classifier(saved.metadata.size, saved.metadata.crop ?? false, engine);
}

/**
 * Switches to a graphics processor if there is one that gives the same scores faster. `#cpu` after
 * the address prevents this; `#gpu` accepts any that gives the same scores, even a slower or
 * emulated one.
 */
async function useGpu(classifier: Classifier): Promise<void> {
  const { hash } = location;
  if (hash === "#cpu" || hash !== "#gpu" && !hasGpu()) return;
  await classifier.alone(async () => {
    const gpu = await gpuEngine(saved);
    if (gpu === undefined) return;
    const { isSame, isFaster } = await compared(classifier.engine, gpu, saved);
    if (!isSame || !isFaster && hash !== "#gpu") return gpu.dispose();
    classifier.engine.dispose();
    classifier.engine = gpu;
    sayEngine(gpu);
  });
}

function show(scores: readonly number[]): void {
  current = scores;
  answer.show(scores, thresholds.threshold);
}

function lookAt(id: "nothing" | "picture" | "video"): void {
  for (const each of ["nothing", "picture", "video"]) byId(each).hidden = each !== id;
}

/** Accepts pictures from the button, dropped anywhere, or from the clipboard. */
function takeFiles(): void {
  const input = byId<HTMLInputElement>("files");
  const add = (files: FileList | null | undefined) => {
    if (files && files.length > 0) void gallery.add(files, classifier);
  };
  input.addEventListener("change", () => {
    add(input.files);
    // Allows the same file to be chosen again.
    input.value = "";
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    add(event.dataTransfer?.files);
  });
  document.addEventListener("paste", (event) => add(event.clipboardData?.files));
}

function sayEngine({ title, backend }: Engine): void {
  say(`Computed by ${title}.`);
  document.documentElement.dataset.engine = backend;
}

function say(text: string): void {
  byId("engine").textContent = text;
}
