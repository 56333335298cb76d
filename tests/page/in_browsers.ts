/**
 * Tests of a page in Chromium and Firefox; `in_browsers_test.ts` runs them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { fromFileUrl, join } from "@std/path";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { bcena } from "../../src/article/experiments.ts";
import { startBackend, stopBackend } from "../../src/backend/start_backend.ts";
import { knownLabels } from "../../src/data/labels.ts";
import { openDataset } from "../../src/data/open_dataset.ts";
import { decidedLabels, threshold } from "../../src/evaluation/decisions.ts";
import { xresnet } from "../../src/model/xresnet.ts";
import { writePage } from "../../src/page/write_page.ts";
import { predictImages } from "../../src/predict.ts";
import { smoke } from "../../src/profiles.ts";
import { runExperiments } from "../../src/reproduce.ts";
import { readRun, type Run, runFolder } from "../../src/runs/read_runs.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";
import { CHROMIUM, classifyFiles, dropFiles, openPage, withChromium } from "./chromium.ts";
import { FIREFOX, withFirefox } from "./firefox.ts";

/** Half precision moves scores by less. */
const TOLERANCE = 2e-3;

/** Browsers lay transparent pixels on white with a rounding more. */
const TRANSPARENT_TOLERANCE = 2e-2;

/** Every so manieth test picture, of all categories. */
const EVERY = 25;

const NARROW = xresnet("narrow", {
  stem: [8, 8, 16],
  stages: [32, 32, 64],
  blocks: [1, 1, 1],
  hidden: 32,
});

/** What the tests of the page share: a network trained on gestures, and what it says of pictures. */
interface Trained {
  readonly folder: string;
  readonly page: string;
  readonly run: Run;
  readonly pictures: readonly string[];
  readonly expected: Awaited<ReturnType<typeof predictImages>>["predictions"];
}

async function trained(folder: string): Promise<Trained> {
  const data = fromFileUrl(new URL("../../data", import.meta.url));
  const dataset = await openDataset({ dataset: "gestures" });
  const backend = await startBackend("simd");
  try {
    const experiments = [{ ...bcena, network: NARROW, profile: smoke }];
    const out = join(folder, "results");
    const cacheFolder = join(data, "cache");
    await runExperiments({ dataset, experiments, seeds: [1], backend, out, cacheFolder, log() {} });
    const model = join(out, runFolder(bcena.name, 1));
    const pictures = dataset.splits.test.filter((_, index) => index % EVERY === 0)
      .map(({ path }) => join(dataset.root, path));
    pictures.push(...await awkwardPictures(folder, pictures[0]!));
    const { predictions: expected } = await predictImages({ model, images: pictures });
    return {
      folder,
      page: await writePage({ model }),
      run: await readRun(model),
      pictures,
      expected,
    };
  } finally {
    await stopBackend();
  }
}

/** Pictures that are easily decoded otherwise: lying on their side, gray, transparent. */
async function awkwardPictures(folder: string, path: string): Promise<string[]> {
  const made = {
    "turned.jpg": sharp(path).resize(90, 60).withMetadata({ orientation: 6 }),
    "gray.jpg": sharp(path).resize(61, 90).grayscale(),
    "transparent.png": sharp(path).resize(50, 70).ensureAlpha(0.3),
    "lossy.webp": sharp(path).resize(70, 70).webp(),
  };
  const paths = Object.keys(made).map((name) => join(folder, name));
  await Promise.all(Object.values(made).map((picture, index) => picture.toFile(paths[index]!)));
  return paths;
}

function assertScores(
  found: readonly { label: string; scores: Record<string, number> }[],
  { expected }: Pick<Trained, "expected">,
): void {
  assert.equal(found.length, expected.length);
  found.forEach(({ label, scores }, index) => {
    const { path, label: expectedLabel, scores: expectedScores } = expected[index]!;
    assert.equal(label, expectedLabel, path);
    for (const [name, score] of Object.entries(expectedScores)) {
      const difference = Math.abs(scores[name]! - score);
      const tolerance = path.endsWith("transparent.png") ? TRANSPARENT_TOLERANCE : TOLERANCE;
      assert.ok(difference <= tolerance, `${path}: ${name} ${scores[name]} instead of ${score}`);
    }
  });
}

Deno.test("the page of a gestures run, opened from its file", (t) =>
  inTemporaryFolder(async (folder) => {
    const shared = await trained(folder);
    const ignore = CHROMIUM === undefined;
    await t.step({ name: "in Chromium", ignore, fn: (t) => worksInChromium(t, shared) });
    await t.step({
      name: "in Firefox: gives the labels and scores of predict, and live answers to a camera",
      ignore: FIREFOX === undefined,
      fn: () => worksInFirefox(shared),
    });
  }));

async function worksInChromium(t: Deno.TestContext, shared: Trained): Promise<void> {
  await withChromium([], async (browser) => {
    await t.step("gives the labels and scores of predict", () => classifies(browser, shared));
    await t.step("gives the same scores by WebGL", () => classifiesByWebGl(browser, shared));
    await t.step(
      "shows dropped pictures, and the slider moves their answers",
      () => dropsAndSlides(browser, shared),
    );
    await t.step(
      "shows hostile names of categories as they are",
      () => showsHostileNames(browser, shared),
    );
    await t.step(
      "fits a phone, in the dark, and is used by keys",
      () => fitsPhone(browser, shared),
    );
  });
  await t.step("gives live answers to a camera", () => filmsPictures(shared));
}

async function worksInFirefox(shared: Trained): Promise<void> {
  await withFirefox(shared.page, async (page) => {
    assertScores(await page.classifyFiles(shared.pictures), shared);
    await page.evaluate(`document.getElementById("camera-toggle").click()`);
    await page.until(`document.body.innerText.includes("frames per second")`);
    const shown = await page.evaluate<{ answer: string; values: string[]; chosen: string[] }>(`({
      answer: document.getElementById("answer").textContent,
      values: [...document.querySelectorAll("#scores .value")].map((each) => each.textContent),
      chosen: [...document.querySelectorAll("#scores li.chosen .name")].map((each) => each.textContent),
    })`);
    const isAccepted = Math.max(...shown.values.map(Number)) >= 0.4;
    assert.deepEqual(shown.chosen, isAccepted ? [shown.answer] : []);
    assert.deepEqual(page.faults, []);
  });
}

async function classifies(browser: Browser, shared: Trained): Promise<void> {
  const { page, faults } = await openPage(browser, shared.page);
  assertScores(await classifyFiles(page, shared.pictures), shared);
  assert.deepEqual(faults, []);
  await page.context().close();
}

async function classifiesByWebGl(browser: Browser, shared: Trained): Promise<void> {
  const { page } = await openPage(browser, shared.page, { hash: "#gpu" });
  await page.locator("html[data-engine=webgl]").waitFor();
  // A few, for here the processor imitates the graphics processor.
  const expected = shared.expected.slice(0, 3);
  assertScores(await classifyFiles(page, expected.map(({ path }) => path)), { expected });
  await page.context().close();
}

async function dropsAndSlides(browser: Browser, shared: Trained): Promise<void> {
  const { run: { predictions: { labels, predictions } }, expected } = shared;
  const { page, faults } = await openPage(browser, shared.page);
  const broken = join(shared.folder, "broken.jpg");
  await Deno.writeTextFile(broken, "no picture");
  await dropFiles(page, [...shared.pictures, broken]);
  await page.getByText(`${expected.length} pictures classified`, { exact: true }).waitFor();
  assert.match(await page.locator("#gallery .unusable").innerText(), /broken\.jpg: cannot be used/);
  const names = { ...shared.run.config.dataset.categoryNames, na: "none of these" };
  const slider = page.locator("#threshold");
  assert.equal(await slider.inputValue(), "0.4");
  for (const value of [0.4, 0, 0.29, 0.5, 0.97]) {
    await slider.fill(String(value));
    const rows = expected.map(({ scores }) => labels.map((label) => scores[label]!));
    const decided = decidedLabels(labels, rows, threshold(value));
    const undecided = rows.map((row) => Math.abs(Math.max(...row) - value) <= TOLERANCE);
    const shown = await page.locator("#gallery .caption").allInnerTexts();
    shown.forEach((caption, index) => {
      if (undecided[index]) return;
      assert.equal(caption, names[decided[index]! as keyof typeof names], expected[index]!.path);
    });
    const tested = decidedLabels(labels, predictions.map(({ scores }) => scores), threshold(value));
    const rates = ["known", "unknown", "unseen"].map((group) => {
      const places = predictions.flatMap((each, place) => each.group === group ? [place] : []);
      const right = places.filter((place) => tested[place] === predictions[place]!.label).length;
      return `${(right / places.length * 100).toFixed(1)}%`;
    });
    assert.deepEqual(await page.locator("#rates .rate").allInnerTexts(), rates, `at ${value}`);
  }
  // All others than the one that is looked at keep their answers.
  await slider.fill("1");
  assert.equal(await page.locator("#answer").innerText(), "none of these");
  assert.equal(await page.locator("#scores li.chosen").count(), 0);
  await slider.fill("0");
  const answer = await page.locator("#answer").innerText();
  assert.deepEqual(await page.locator("#scores li.chosen .name").allInnerTexts(), [answer]);
  await page.getByRole("button", { name: "as trained" }).click();
  assert.equal(await slider.inputValue(), "0.4");
  await page.getByRole("button", { name: "Clear" }).click();
  assert.equal(await page.locator("#gallery li").count(), 0);
  assert.deepEqual(faults, []);
  await page.context().close();
}

async function showsHostileNames(
  browser: Browser,
  { folder, run, pictures }: Trained,
): Promise<void> {
  const copy = join(folder, "hostile");
  await cp(join(folder, "results", runFolder(bcena.name, 1)), copy, { recursive: true });
  const file = join(copy, "model", "model.json");
  const json = JSON.parse(await Deno.readTextFile(file));
  const { labels } = run.predictions;
  const nameOf = (label: string) => `</script><img src=x onerror=alert(1)><!-- &amp; ${label}`;
  json.userDefinedMetadata.categoryNames = Object.fromEntries(
    labels.map((label) => [label, nameOf(label)]),
  );
  await Deno.writeTextFile(file, JSON.stringify(json));
  const { page, faults } = await openPage(browser, await writePage({ model: copy }));
  await dropFiles(page, pictures.slice(0, 1));
  await page.getByText("1 picture classified", { exact: true }).waitFor();
  const names = await page.locator("#scores .name").allInnerTexts();
  assert.deepEqual(names, ["none of these", ...knownLabels(labels).map(nameOf)]);
  assert.equal(await page.locator("img").count(), 0);
  assert.deepEqual(faults, []);
  await page.context().close();
}

async function fitsPhone(browser: Browser, shared: Trained): Promise<void> {
  const viewport = { width: 360, height: 740 };
  const { page, faults } = await openPage(browser, shared.page, { viewport, colorScheme: "dark" });
  await dropFiles(page, shared.pictures.slice(0, 4));
  await page.getByText("4 pictures classified", { exact: true }).waitFor();
  const width = await page.evaluate("document.documentElement.scrollWidth");
  assert.ok(Number(width) <= viewport.width, `the page is ${width} pixels wide`);
  assert.equal(await page.evaluate(BACKGROUND), "rgb(22, 24, 27)");
  const reached = [];
  await page.locator("body").click({ position: { x: 1, y: 1 } });
  for (let key = 0; key < 6; key++) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate("document.activeElement.id"));
  }
  assert.deepEqual(reached.slice(0, 3), ["files", "camera-toggle", "threshold"]);
  await page.locator("#threshold").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator("#threshold-value").innerText(), "0.41");
  await page.locator("#gallery button").nth(2).focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#gallery button[aria-pressed=true]").count(), 1);
  // What a screen reader says, in its own time.
  const spoken = page.locator("#spoken-answer");
  const answer = await page.locator("#answer").innerText();
  await spoken.filter({ hasText: answer }).waitFor({ state: "attached" });
  await assertNamed(page);
  assert.deepEqual(faults, []);
  await page.context().close();
}

const BACKGROUND = "getComputedStyle(document.body).backgroundColor";

/** Everything that can be operated has a name. */
async function assertNamed(page: Page): Promise<void> {
  for (const control of await page.locator("button, input, select").all()) {
    if (!await control.isVisible()) continue;
    const snapshot = await control.ariaSnapshot();
    assert.match(snapshot, /"[^"]+"/, snapshot);
  }
}

/** The clip shows one picture, so that its answer is known. */
async function filmsPictures({ folder, page: file, pictures }: Trained): Promise<void> {
  const clip = join(folder, "clip.mjpeg");
  const frame = await sharp(pictures[0]!).resize(320, 240).jpeg({ quality: 95 }).toBuffer();
  await Deno.writeFile(clip, new Blob(Array.from({ length: 20 }, () => frame)).stream());
  const still = join(folder, "frame.jpg");
  await Deno.writeFile(still, frame);
  const options = [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${clip}`,
  ];
  await withChromium(options, async (browser) => {
    const { page, faults } = await openPage(browser, file);
    const [expected] = await classifyFiles(page, [still]);
    await page.getByRole("button", { name: "Start the camera" }).click();
    await page.getByText(/^\d+\.\d frames per second$/).waitFor();
    const name = await page.locator("#scores li.chosen .name").allInnerTexts();
    assert.equal(await page.locator("#camera-choice").isEnabled(), true);
    const shown = await page.locator("#scores .value").allInnerTexts();
    Object.values(expected!.scores).forEach((score, output) => {
      // The camera's frames are compressed once more.
      assert.ok(Math.abs(Number(shown[output]) - score) < 0.1, `${name}: ${shown} at ${output}`);
    });
    await page.getByRole("button", { name: "Stop the camera" }).click();
    await page.getByRole("button", { name: "Start the camera" }).waitFor();
    assert.equal(await page.locator("#video").isVisible(), false);
    assert.deepEqual(faults, []);
  });
}
