import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { randomStream } from "../../src/random.ts";
import { inTemporaryFolder, namesIn } from "../temporary_folder.ts";

const PROGRAM = new URL("./interruptible_training.ts", import.meta.url).pathname;

/** When to kill the program. */
interface Kill {
  readonly signal: "SIGINT" | "SIGKILL";
  /** Steps to wait for, then milliseconds. */
  readonly steps: number;
  readonly milliseconds: number;
}

/** The program in a folder of its own. */
function program(backend: string, folder: string): string[] {
  const [checkpoint, weights] = [join(folder, "checkpoint"), join(folder, "weights.json")];
  return ["run", "-A", PROGRAM, checkpoint, weights, backend];
}

/** Runs the program once; returns its exit code. */
async function runProgram(backend: string, folder: string, kill?: Kill): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: program(backend, folder),
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let steps = 0;
  let killed = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    steps += text.split("\n").length - 1;
    if (killed || kill === undefined || steps < kill.steps) continue;
    killed = true;
    await delay(kill.milliseconds);
    try {
      child.kill(kill.signal);
    } catch (error) {
      // The program may be done by now.
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return (await child.status).code;
}

const uniform = randomStream("kills", Date.now());
const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

for (
  const [backend, signal] of [["cpu", "SIGKILL"], ["simd", "SIGINT"], ["simd", "SIGKILL"]] as const
) {
  Deno.test(`training on ${backend}, stopped by ${signal} at random moments, ends with the bits of one that ran through`, async () => {
    const through = join(folder, backend);
    assert.equal(await runProgram(backend, through), 0);
    const expected = await Deno.readTextFile(join(through, "weights.json"));
    const stopped = join(folder, backend, signal);
    const codes: number[] = [];
    for (let kills = 0; kills < 3 && codes.at(-1) !== 0; kills++) {
      const kill = {
        signal,
        steps: 1 + Math.floor(uniform() * (signal === "SIGINT" ? 4 : 10)),
        milliseconds: uniform() * 40,
      };
      codes.push(await runProgram(backend, stopped, kill));
    }
    while (codes.at(-1) !== 0 && codes.length < 5) codes.push(await runProgram(backend, stopped));
    assert.equal(codes.at(-1), 0, `exit codes ${codes}`);
    assert.notEqual(codes[0], 0, "the first kill came too late to stop the training");
    if (signal === "SIGINT") assert.equal(codes[0], 130);
    const actual = await Deno.readTextFile(join(stopped, "weights.json"));
    assert.ok(actual === expected, "the weights or the history differ");
  });
}

Deno.test("training that finds the disk full keeps its last checkpoint, and continues with more room", () =>
  inTemporaryFolder(async (folder) => {
    assert.equal(
      await runProgram("simd", folder, { signal: "SIGINT", steps: 2, milliseconds: 0 }),
      130,
    );
    const checkpoint = join(folder, "checkpoint");
    const before = await Deno.readFile(checkpoint);
    const { code, stderr } = await new Deno.Command("bash", {
      // Without the signal, writing beyond a KiB fails as on a full disk.
      args: [
        ...["-c", `trap '' XFSZ; ulimit -f 1; exec "$@"`, "bash"],
        ...[Deno.execPath(), ...program("simd", folder)],
      ],
    }).output();
    assert.equal(code, 1);
    const problem = `${checkpoint}: cannot be written because files may not be so large (`;
    const told = new TextDecoder().decode(stderr);
    assert.ok(told.includes(problem), told);
    assert.deepEqual(namesIn(folder), ["checkpoint"]);
    assert.deepEqual(await Deno.readFile(checkpoint), before);
    assert.equal(await runProgram("simd", folder), 0);
  }));
