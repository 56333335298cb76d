import assert from "node:assert/strict";
import { join } from "@std/path";
import { bcena, ce } from "../src/article/experiments.ts";
import type { Experiment } from "../src/experiments.ts";
import { writeReport } from "../src/report/write_report.ts";
import { runExperiments } from "../src/reproduce.ts";
import { readRunConfig } from "../src/runs/run_config.ts";
import { withReproduction } from "./tiny_reproduction.ts";
import { tiny } from "./training/synthetic_data.ts";

const PREDICTIONS = join("bcena", "seed-3", "predictions.csv");

function started(origin: string): Experiment {
  return { ...tiny(bcena), start: { body: origin } };
}

/** The folder of a trained run to start from. */
async function trainedIn(reproduction: Parameters<typeof runExperiments>[0]): Promise<string> {
  const out = `${reproduction.out}-start`;
  await runExperiments({ ...reproduction, out, experiments: [tiny(ce)], seeds: [1] });
  return join(out, "ce", "seed-1");
}

Deno.test("a started run differs from one that starts at random, and records its start with a digest", () =>
  withReproduction(async (reproduction) => {
    const origin = await trainedIn(reproduction);
    const random = {
      ...reproduction,
      experiments: [tiny(bcena)],
      out: `${reproduction.out}-random`,
    };
    const once = { ...reproduction, experiments: [started(origin)] };
    await runExperiments(random);
    await runExperiments(once);
    assert.notEqual(
      await Deno.readTextFile(join(once.out, PREDICTIONS)),
      await Deno.readTextFile(join(random.out, PREDICTIONS)),
    );
    const config = await readRunConfig(join(once.out, "bcena", "seed-3", "config.json"));
    assert.deepEqual(config.start, { body: origin });
    assert.match(config.definitions!.start!.body!, /^[0-9a-f]{16}$/);
    await writeReport(once.out);
    const report = await Deno.readTextFile(join(once.out, "report.md"));
    assert.match(report, /Start: body from .*seed-1 \([0-9a-f]{16}\) and all else at random/);
  }));

Deno.test("a started run that was stopped continues to the bits of one that ran through", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [started(await trainedIn(reproduction))] };
    await runExperiments(once);
    const out = `${reproduction.out}-stopped`;
    const controller = new AbortController();
    const log = (line: string) => line.includes("training on") && controller.abort();
    await assert.rejects(runExperiments({ ...once, out, signal: controller.signal, log }), {
      name: "Interrupted",
    });
    await runExperiments({ ...once, out });
    assert.equal(
      await Deno.readTextFile(join(out, PREDICTIONS)),
      await Deno.readTextFile(join(once.out, PREDICTIONS)),
    );
  }));

Deno.test("a run is not continued, nor kept, from another start than it began with", () =>
  withReproduction(async (reproduction) => {
    const origin = await trainedIn(reproduction);
    const once = { ...reproduction, experiments: [started(origin)] };
    const controller = new AbortController();
    const log = (line: string) => line.includes("training on") && controller.abort();
    await assert.rejects(runExperiments({ ...once, signal: controller.signal, log }));
    const other = `${reproduction.out}-other`;
    await runExperiments({ ...reproduction, out: other, experiments: [tiny(ce)], seeds: [2] });
    // The same folder, but another network in it.
    const kept = await Deno.readFile(join(origin, "model", "weights.bin"));
    await Deno.remove(join(origin, "model"), { recursive: true });
    await Deno.rename(join(other, "ce", "seed-2", "model"), join(origin, "model"));
    assert.notDeepEqual(await Deno.readFile(join(origin, "model", "weights.bin")), kept);
    await assert.rejects(runExperiments(once), /definitions\.start\.body is .* there and .* here/);
    await runExperiments({ ...once, fresh: true });
    await assert.rejects(
      runExperiments({ ...once, experiments: [tiny(bcena)] }),
      /a finished run with another start \(body from .*\)/,
    );
  }));

Deno.test("a start that is missing, damaged or foreign is an error before any picture is decoded", () =>
  withReproduction(async (reproduction) => {
    const origin = await trainedIn(reproduction);
    await Deno.remove(reproduction.cacheFolder!, { recursive: true });
    const model = join(origin, "model", "model.json");
    const text = await Deno.readTextFile(model);
    const attempts: [contents: string | undefined, message: RegExp][] = [
      [undefined, /model\.json: cannot be read/],
      ["{}", /model\.json: not saved by this program/],
      [text.slice(0, 100), /model\.json: not JSON/],
      [text.replace(/"weightsSha256":"../, '"weightsSha256":"zz'), /weights\.bin: damaged/],
    ];
    for (const [contents, message] of attempts) {
      if (contents === undefined) await Deno.remove(model);
      else await Deno.writeTextFile(model, contents);
      const experiments = [started(origin)];
      await assert.rejects(runExperiments({ ...reproduction, experiments }), (error: Error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      });
      await assert.rejects(Deno.stat(reproduction.cacheFolder!), Deno.errors.NotFound);
      await assert.rejects(Deno.stat(reproduction.out), Deno.errors.NotFound);
    }
  }));
