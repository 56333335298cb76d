/**
 * Runs notebooks in JupyterLab in a real browser, as a reader would: open, Run All Cells, look. Run
 * by hand, not in CI:
 *
 *     python3 -m venv /tmp/jupyter && /tmp/jupyter/bin/pip install jupyterlab
 *     deno run -A tests/browser/notebooks_in_jupyterlab.ts /tmp/jupyter/bin/jupyter \
 *       [TIMES [NOTEBOOK...]]
 *
 * Every notebook must run to its end without an error, and every cell must visibly show outputs of
 * the same MIME types as in its file. Screenshots go to a temporary folder.
 *
 * @module
 */
/// <reference lib="dom" />
import assert from "node:assert/strict";
import { basename, dirname, fromFileUrl, join, relative } from "@std/path";
import { chromium, type Page } from "playwright-core";
import { notebooksIn } from "../../src/tools/notebook_runner/command.ts";
import { readNotebook } from "../../src/tools/notebook_runner/notebook.ts";
import { committedCells } from "../notebooks/committed_outputs.ts";

const PROJECT = fromFileUrl(new URL("../../", import.meta.url));
const KERNELSPECS = join(PROJECT, "src/notebooks/jupyter");
const CHROMIUM = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";
/** JupyterLab draws only the cells in view; in a window as high as this, that is all of them. */
const WINDOW = { width: 1300, height: 12_000 };
const MINUTE = 60_000;
const POLL = 500;

if (import.meta.main) {
  const [jupyter, times = "1", ...named] = Deno.args;
  if (jupyter === undefined) {
    throw new Error("which JupyterLab? name its program, such as /tmp/jupyter/bin/jupyter");
  }
  const notebooks = named.length > 0 ? named : await notebooksIn(join(PROJECT, "notebooks"));
  const screenshots = await Deno.makeTempDir({ prefix: "notebooks-" });
  const server = await startServer(jupyter);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    for (let time = 1; time <= Number(times); time++) {
      for (const notebook of notebooks) {
        const page = await browser.newPage({ viewport: WINDOW });
        const screenshot = join(screenshots, `${basename(notebook, ".ipynb")}-${time}.png`);
        await runNotebook(page, server.address, notebook, screenshot);
        await page.close();
        await endKernels(server.address);
        console.log(`ok    ${basename(notebook)}, time ${time} of ${times}: ${screenshot}`);
      }
    }
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** A notebook server in this project, with its kernelspec. */
async function startServer(
  jupyter: string,
): Promise<{ readonly address: URL; readonly stop: () => Promise<void> }> {
  const token = crypto.randomUUID();
  const port = freePort();
  const process = new Deno.Command(jupyter, {
    args: [
      "lab",
      "--no-browser",
      "--allow-root",
      `--port=${port}`,
      "--port-retries=0",
      `--IdentityProvider.token=${token}`,
      "--LabApp.expose_app_in_browser=True",
      `--ServerApp.root_dir=${PROJECT}`,
    ],
    env: { JUPYTER_PATH: KERNELSPECS },
    stdout: "null",
    stderr: "null",
  }).spawn();
  const address = new URL(`http://localhost:${port}/?token=${token}`);
  const end = Date.now() + MINUTE;
  while (!await answers(new URL(`/api${address.search}`, address))) {
    if (Date.now() > end) throw new Error(`${jupyter} lab: no answer from port ${port}`);
  }
  const stop = async () => {
    process.kill("SIGTERM");
    await process.status;
  };
  return { address, stop };
}

function freePort(): number {
  using listener = Deno.listen({ port: 0 });
  return listener.addr.port;
}

async function answers(address: URL): Promise<boolean> {
  try {
    const response = await fetch(address);
    await response.body?.cancel();
    return response.ok;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, POLL));
    return false;
  }
}

/** So that no notebook meets what an earlier one left in its kernel. */
async function endKernels(server: URL): Promise<void> {
  const address = (path: string) => new URL(`/api/sessions${path}${server.search}`, server);
  const sessions: { readonly id: string }[] = await (await fetch(address(""))).json();
  for (const { id } of sessions) await fetch(address(`/${id}`), { method: "DELETE" });
}

/** Runs a copy without outputs, so that the file stays as it is and every output is of this run. */
async function runNotebook(
  page: Page,
  server: URL,
  notebook: string,
  screenshot: string,
): Promise<void> {
  const copy = join(dirname(notebook), `browser-check-${basename(notebook)}`);
  const content = await readNotebook(notebook);
  for (const cell of content.cells) if (cell.cell_type === "code") cell.execution_count = null;
  await Deno.writeTextFile(copy, JSON.stringify(content));
  try {
    const address = new URL(`/lab/tree/${relative(PROJECT, copy)}`, server);
    address.search = `${server.search}&reset`;
    await page.goto(address.href);
    await page.locator(".jp-Notebook .jp-CodeCell").first().waitFor({ timeout: MINUTE });
    await page.waitForFunction(kernelIsReady, null, { timeout: MINUTE });
    await page.getByRole("menuitem", { name: "Run", exact: true }).click();
    await page.getByText("Run All Cells", { exact: true }).click();
    const expected = await committedCells(notebook);
    await waitUntil(
      page,
      5 * MINUTE,
      (cells) =>
        cells.some(({ error }) => error !== null) || cells.every(({ finished }) => finished),
    );
    const cells = await waitUntil(
      page,
      MINUTE,
      (cells) => cells.every(({ outputs, visible }) => visible === outputs.length),
    );
    await page.screenshot({ path: screenshot, fullPage: true });
    assert.deepEqual(
      cells.map(({ error, visible, outputs }) => ({ error, visible, outputs })),
      expected.map(({ outputs, stripped }, index) => {
        const mimeTypes = stripped
          ? cells[index]!.outputs
          : outputs.map(({ data }) => Object.keys(data).sort());
        assert.ok(
          !stripped || mimeTypes.length > 0,
          `${notebook}, code cell ${index + 1}: shows nothing`,
        );
        return { error: null, visible: mimeTypes.length, outputs: mimeTypes };
      }),
      `${notebook}: see ${screenshot}`,
    );
  } finally {
    await Deno.remove(copy);
  }
}

/** What JupyterLab says of a code cell, and what the page shows of it. */
interface CellOnPage {
  readonly finished: boolean;
  readonly error: string | null;
  /** The MIME types of each output, sorted. */
  readonly outputs: readonly (readonly string[])[];
  /** How many outputs have text or a drawing that takes up space on the page. */
  readonly visible: number;
}

/** The cells when they are as wanted, or when the time is over. */
async function waitUntil(
  page: Page,
  milliseconds: number,
  wanted: (cells: readonly CellOnPage[]) => boolean,
): Promise<readonly CellOnPage[]> {
  const end = Date.now() + milliseconds;
  while (true) {
    const cells = await page.evaluate(cellsOnPage);
    if (wanted(cells) || Date.now() > end) return cells;
    await page.waitForTimeout(POLL);
  }
}

/** JupyterLab's global variable in the browser, as far as it is needed here. */
interface JupyterLab {
  readonly shell: {
    readonly currentWidget: {
      readonly content: { readonly widgets: readonly Cell[] };
      readonly sessionContext: {
        readonly session: {
          readonly kernel: { readonly status: string; readonly connectionStatus: string } | null;
        } | null;
      };
    };
  };
}

interface Cell {
  readonly node: HTMLElement;
  readonly model: {
    readonly type: string;
    readonly executionCount: number | null;
    readonly executionState: string;
    readonly outputs: { toJSON(): Output[] };
  };
}

interface Output {
  readonly output_type: string;
  readonly data?: Record<string, unknown>;
  readonly evalue?: string;
}

/** Runs in the browser. */
function kernelIsReady(): boolean {
  const { jupyterapp } = globalThis as unknown as { jupyterapp: JupyterLab };
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session?.kernel;
  return kernel?.status === "idle" && kernel.connectionStatus === "connected";
}

/** Runs in the browser. */
function cellsOnPage(): CellOnPage[] {
  const { jupyterapp } = globalThis as unknown as { jupyterapp: JupyterLab };
  const isDrawn = (element: Element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0;
  };
  const cells = jupyterapp.shell.currentWidget.content.widgets;
  return cells.filter(({ model }) => model.type === "code").map(({ node, model }) => {
    const outputs = model.outputs.toJSON();
    const shown = [...node.querySelectorAll(".jp-OutputArea-output")].filter((output) => {
      const drawings = [...output.querySelectorAll("canvas, svg, img")];
      const hasContent = drawings.length > 0 || output.textContent.trim() !== "";
      return isDrawn(output) && hasContent && drawings.every(isDrawn);
    });
    return {
      finished: model.executionCount !== null && model.executionState === "idle",
      error: outputs.find(({ output_type }) => output_type === "error")?.evalue ?? null,
      outputs: outputs.map(({ data = {} }) => Object.keys(data).sort()),
      visible: shown.length,
    };
  });
}
