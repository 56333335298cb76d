/**
 * Looks at a report in Chromium. Run by hand, with Debian's chromium installed:
 *
 *     deno run -A tests/browser/report_page.ts results/imagenette-quick /tmp/report-pages
 *
 * Opens the report offline in a wide and in a phone's window, light and dark; fails on an error of
 * the page, on any request, on a page wider than its window, and if the slider does not redraw the
 * counts of `decide`. Leaves screenshots in the second folder.
 */
import assert from "node:assert/strict";
import { join, resolve, toFileUrl } from "@std/path";
import { chromium, type Page } from "playwright-core";
import { readRuns } from "../../src/runs/read_runs.ts";
import { expectedCounts } from "../report/expected_counts.ts";

const WINDOWS = [
  { name: "wide", width: 1400, height: 900 },
  { name: "phone", width: 390, height: 844 },
];
const THRESHOLDS = ["0", "0.29", "0.5", "0.97"];

const [folder = "results/imagenette-quick", screenshots = "/tmp/report-pages"] = Deno.args;
const address = toFileUrl(resolve(folder, "report.html")).href;
const { finished } = await readRuns(folder);
await Deno.mkdir(screenshots, { recursive: true });

const browser = await chromium.launch({
  executablePath: Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  for (const { name, ...viewport } of WINDOWS) {
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({ viewport, colorScheme, offline: true });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) faults.push(message.text());
      });
      page.on("request", (request) => {
        if (request.url() !== address) faults.push(`asks for ${request.url()}`);
      });
      await page.goto(address);
      await page.waitForSelector("#explorer-left svg");
      await lookAt(page, `${name}-${colorScheme}`);
      await moveSlider(page);
      assert.deepEqual(faults, []);
      await context.close();
      console.log(`${name}, ${colorScheme}: ok`);
    }
  }
} finally {
  await browser.close();
}

async function lookAt(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(screenshots, `${name}-screen.png`) });
  const opening = page.locator("#opening");
  await opening.screenshot({ path: join(screenshots, `${name}-opening.png`) });
  await page.evaluate('document.querySelectorAll("details").forEach((part) => part.open = true)');
  const width = await page.evaluate("document.documentElement.scrollWidth");
  assert.ok(Number(width) <= page.viewportSize()!.width, `the page is ${width} pixels wide`);
  for (const [index, part] of (await page.locator("details").all()).entries()) {
    await part.screenshot({ path: join(screenshots, `${name}-${index}.png`) });
  }
}

/** Every experiment on both sides at several thresholds, as a hand would choose them. */
async function moveSlider(page: Page): Promise<void> {
  const experiments = new Map(finished.map(({ experiment }) => [experiment.name, experiment]));
  const slider = page.locator("#explorer-threshold");
  for (const side of ["left", "right"]) {
    for (const experiment of experiments.values()) {
      const choice = page.locator(`#explorer-${side}-choice`);
      await choice.selectOption({ label: experiment.title });
      for (const threshold of THRESHOLDS) {
        await slider.fill(threshold);
        const expected = meanCounts(experiment.name, Number(threshold));
        const title = threshold === "0" ? "argmax" : `threshold ${Number(threshold).toFixed(2)}`;
        await page.waitForFunction(
          `document.querySelector("#explorer-${side}").textContent.includes(${
            JSON.stringify(`${experiment.title}, ${title}`)
          })`,
        );
        const texts = await page.locator(`#explorer-${side} .mark-text.role-mark`).first()
          .locator("text").allTextContents();
        const drawn = texts.map((text) => Number(text.replaceAll(",", "")));
        assert.deepEqual(sorted(drawn), sorted(expected), `${experiment.name} at ${threshold}`);
      }
    }
  }
}

/** The cells of the confusion matrix: means over the seeds, as they are written. */
function meanCounts(experiment: string, threshold: number): number[] {
  const runs = finished.filter((run) => run.experiment.name === experiment);
  const decimals = finished.length > experimentsOf(finished) ? 1 : 0;
  return expectedCounts(runs, threshold).map((count) => Number(count.toFixed(decimals)));
}

function experimentsOf(runs: typeof finished): number {
  return new Set(runs.map(({ experiment }) => experiment.name)).size;
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
