/**
 * Measures the page of a network in Chromium, on the processor alone. Run by hand, with Debian's
 * chromium installed, on a machine that does nothing else:
 *
 *     deno run -A tests/browser/page_speed.ts results/imagewoof-pretrain/ce/seed-1 \
 *       results/page-speed.json
 *
 * Prints, and writes into the second file if one is given, the page's size, the time from the request
 * for the page until its network has classified the first picture, the time for a picture of a
 * canvas, and the frame rate of a camera, which is Chromium's imitation of one. The time that the
 * page's thread computes for a picture hardly depends on other programs on the machine.
 */
import { join } from "@std/path";
import type { Browser, Page } from "playwright-core";
import { writeWholeFile } from "../../src/files/whole_file.ts";
import { writePage } from "../../src/page/write_page.ts";
import { machine } from "../../src/runs/provenance.ts";
import { openPage, withChromium } from "../page/chromium.ts";

const [model = "results/imagewoof-pretrain/ce/seed-1", out] = Deno.args;
const OPENINGS = 5;
const PICTURES = 20;
const COUNTS = 5;

const folder = await Deno.makeTempDir();
try {
  const file = await writePage({ model, out: join(folder, "page.html") });
  const megabytes = (await Deno.stat(file)).size / 1e6;
  const options = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"];
  await withChromium(options, async (browser) => {
    const openings = [];
    for (let opening = 0; opening < OPENINGS; opening++) {
      openings.push(await timeToOpen(browser, file));
    }
    const { page } = await openPage(browser, file, { hash: "#cpu" });
    const computed = await stopwatch(page);
    const pictures = await pictureTimes(page);
    const secondsComputed = await computed();
    const speed = {
      model,
      browser: `Chromium ${browser.version()}`,
      machine: machine(),
      megabytes,
      secondsToOpen: spread(openings),
      millisecondsPerPicture: spread(pictures),
      millisecondsComputedPerPicture: secondsComputed / PICTURES * 1000,
      framesPerSecond: spread(await frameRates(page)),
    };
    const text = JSON.stringify(speed, null, 2) + "\n";
    console.log(text);
    if (out !== undefined) await writeWholeFile(out, text);
  });
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function timeToOpen(browser: Browser, file: string): Promise<number> {
  const begin = performance.now();
  const { page } = await openPage(browser, file, { hash: "#cpu" });
  const seconds = (performance.now() - begin) / 1000;
  await page.context().close();
  return seconds;
}

/** Returns what tells the seconds that the page's thread computes from now on. */
async function stopwatch(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const seconds = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "ThreadTime")!.value;
  };
  const begin = await seconds();
  return async () => await seconds() - begin;
}

/** As of `window.classify`: from a canvas of a camera's usual size to the label. */
async function pictureTimes(page: Page): Promise<number[]> {
  return await page.evaluate(async (pictures) => {
    // deno-lint-ignore no-explicit-any
    const { document, classify } = globalThis as any;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [640, 480];
    const context = canvas.getContext("2d");
    const times = [];
    for (let picture = 0; picture < pictures; picture++) {
      context.fillStyle = `hsl(${picture * 40} 60% 50%)`;
      context.fillRect(picture * 9, picture * 7, 300, 200);
      const begin = performance.now();
      await classify(canvas);
      times.push(performance.now() - begin);
    }
    return times;
  }, PICTURES);
}

/** As the page itself counts them. */
async function frameRates(page: Page): Promise<number[]> {
  await page.getByRole("button", { name: "Start the camera" }).click();
  const status = page.getByText(/frames per second$/);
  const rates = [];
  for (let count = 0; count < COUNTS; count++) {
    await status.waitFor();
    rates.push(parseFloat(await status.innerText()));
    // As long as one count takes.
    await page.waitForTimeout(2000);
  }
  return rates;
}

/** The middle one of several values, the lowest and the highest. */
function spread(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  return { middle: sorted[sorted.length >> 1]!, lowest: sorted[0]!, highest: sorted.at(-1)! };
}
