/**
 * Pages in Debian's Chromium, without a window.
 *
 * @module
 */
import { extname, toFileUrl } from "@std/path";
import type { Browser, Page } from "playwright-core";
import { isFile } from "../../src/files/path_kind.ts";

/** Where Chromium is, if it is on this machine. */
export const CHROMIUM: string | undefined = [
  Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium",
].find(isFile);

if (CHROMIUM === undefined) {
  console.warn("no Chromium here (apt-get install chromium): tests of the page in it are skipped");
}

/** A page that is open. */
export interface OpenPage {
  readonly page: Page;
  /** What a page must not do: errors, warnings, requests. */
  readonly faults: string[];
}

/** Does something with a new Chromium. */
export async function withChromium(
  options: readonly string[],
  work: (browser: Browser) => Promise<void>,
): Promise<void> {
  const { chromium } = await import("playwright-core");
  const args = ["--no-sandbox", ...options];
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args });
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}

/** Opens a page from its file, and waits until its network is open. */
export async function openPage(
  browser: Browser,
  file: string,
  { hash = "", ...options }: { readonly hash?: string } & Parameters<Browser["newContext"]>[0] = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ offline: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const address = toFileUrl(file).href + hash;
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(message.text());
  });
  page.on("request", (request) => {
    if (request.url() !== address) faults.push(`asks for ${request.url()}`);
  });
  await page.goto(address);
  await page.locator("html[data-engine]").waitFor();
  return { page, faults };
}

/** What the page's own `classify` says of files, in their order. */
export async function classifyFiles(
  page: Page,
  paths: readonly string[],
): Promise<{ label: string; scores: Record<string, number> }[]> {
  const answers = [];
  for (const path of paths) {
    const bytes = (await Deno.readFile(path)).toBase64();
    answers.push(
      await page.evaluate(async ([text, type]) => {
        const file = new Blob([Uint8Array.fromBase64(text)], { type });
        return await (globalThis as unknown as PageGlobals).classify(file);
      }, [bytes, `image/${extname(path).slice(1).replace("jpg", "jpeg")}`] as const),
    );
  }
  return answers;
}

/** Drops files onto the page. */
export async function dropFiles(page: Page, paths: readonly string[]): Promise<void> {
  const files = await Promise.all(paths.map(async (path) => ({
    name: path.split("/").at(-1)!,
    bytes: (await Deno.readFile(path)).toBase64(),
  })));
  await page.evaluate((files) => {
    // The page's, which Deno's types do not have.
    const { DataTransfer, DragEvent, document } = globalThis as unknown as PageGlobals;
    const dataTransfer = new DataTransfer();
    for (const { name, bytes } of files) {
      dataTransfer.items.add(new File([Uint8Array.fromBase64(bytes)], name));
    }
    document.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
  }, files);
}

// deno-lint-ignore no-explicit-any
type PageGlobals = Record<"classify" | "DataTransfer" | "DragEvent" | "document", any>;
