/**
 * Stopping what a person sees: the first of npx -> sh -> deno task -> deno, with and without a
 * terminal.
 *
 * @module
 */
import assert from "node:assert/strict";
import { dirname, fromFileUrl, join } from "@std/path";
import { exists } from "../src/files/path_kind.ts";
import { isLauncher } from "../src/launchers.ts";
import { patternedPicture, writePicture } from "./data/pictures.ts";
import { inTemporaryFolder } from "./temporary_folder.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));
const NPX = ["npx", "--yes", `deno@${Deno.version.deno}`, "task", "--quiet"];

/** Seconds that a run is given to begin training, and to save and end. */
const PATIENCE = 60;

Deno.test("npx, npm's shell, and deno task are what starts a task; a person's shell is not", () => {
  for (
    const command of [
      "npm exec deno@2.9.6 task reproduce",
      "sh -c 'deno' task reproduce --seeds 1",
      "node /home/me/.npm/_npx/7a/node_modules/.bin/deno task reproduce",
      "/usr/bin/deno task --quiet reproduce",
    ]
  ) assert.ok(isLauncher(command), command);
  for (const command of [undefined, "-bash", "bash -c npx deno task reproduce & sleep 9", "make"]) {
    assert.equal(isLauncher(command), false, String(command));
  }
});

for (const signal of ["SIGTERM", "SIGHUP", "SIGKILL"] as const) {
  Deno.test(`${signal} to npx alone stops the training behind it in good order`, () =>
    stopsInGoodOrder(({ npx }) => Deno.kill(npx, signal)));

  Deno.test(`${signal} to npx in a terminal stops the training behind it in good order`, () =>
    stopsInGoodOrder(({ npx }) => Deno.kill(npx, signal), "terminal"));
}

Deno.test("one Ctrl-C in a terminal is one signal, though deno task passes it on once more", () =>
  stopsInGoodOrder(({ type }) => type("\x03"), "terminal"));

Deno.test("closing the terminal stops the training in good order", () =>
  stopsInGoodOrder(({ child }) => child.kill("SIGKILL"), "terminal"));

/** A run that trains, as the person who started it sees it. */
interface VisibleRun {
  /** The process that was started: npx, or the terminal around it. */
  readonly child: Deno.ChildProcess;
  readonly npx: number;
  /** Types into the terminal. */
  readonly type: (keys: string) => Promise<void>;
}

/** A run that is stopped has saved what it trained, and has ended, so that the folder is free. */
function stopsInGoodOrder(
  stop: (run: VisibleRun) => void | Promise<void>,
  where: "terminal" | "pipe" = "pipe",
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const out = join(folder, "out");
    const run = await startTraining(folder, out, where);
    try {
      await until("it trains", () => run.shown().includes("training on"));
      // Into the first epoch, of which nothing is saved but by a stop in good order.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await stop(run);
      await until("it ends", () => !exists(`${out}/.lock`));
      assert.ok(exists(join(out, "ce", "seed-1", "checkpoint.bin")));
    } catch (error) {
      throw new Error(run.shown(), { cause: error });
    } finally {
      await run.end();
    }
  });
}

async function startTraining(folder: string, out: string, where: "terminal" | "pipe") {
  const pictures = join(folder, "pictures");
  for (const category of ["cat", "dog"]) {
    for (let i = 0; i < 200; i++) {
      const path = join(pictures, category, `${i}.png`);
      if (i === 0) await writePicture(path, patternedPicture(140, 130));
      else await Deno.copyFile(join(dirname(path), "0.png"), path);
    }
  }
  const words = [
    ...[...NPX, "reproduce", "--dataset", pictures, "--known", "cat,dog", "--profile", "article"],
    ...["--only", "ce", "--threads", "1", "--out", out, "--cache", join(folder, "cache")],
  ];
  const pidFile = join(folder, "pid");
  // The shell becomes npx, so that its process is known.
  const line = `echo $$ > ${pidFile}; exec ${words.map((word) => `'${word}'`).join(" ")}`;
  const [command, args] = where === "terminal"
    ? ["script", ["-qefc", line, "/dev/null"]]
    : ["sh", ["-c", line]];
  const child = new Deno.Command(command as string, {
    args: args as string[],
    cwd: PROJECT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let text = "";
  const readers = [child.stdout, child.stderr].map(async (stream) => {
    for await (const piece of stream.pipeThrough(new TextDecoderStream())) text += piece;
  });
  await until("npx has started", () => exists(pidFile) && Deno.readTextFileSync(pidFile) !== "");
  const keyboard = child.stdin.getWriter();
  return {
    child,
    npx: Number(Deno.readTextFileSync(pidFile)),
    shown: () => text,
    type: (keys: string) => keyboard.write(new TextEncoder().encode(keys)),
    async end() {
      keyboard.close().catch(() => {});
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
      await Promise.all(readers);
    },
  };
}

async function until(what: string, isTrue: () => boolean): Promise<void> {
  for (const end = Date.now() + PATIENCE * 1000; !isTrue();) {
    assert.ok(Date.now() < end, `${what}: not within ${PATIENCE} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
