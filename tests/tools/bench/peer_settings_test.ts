import assert from "node:assert/strict";
import { findPyTorch, startPeer } from "../../../src/tools/bench/peer.ts";
import { fastestSetting, measureSettings } from "../../../src/tools/bench/peer_settings.ts";
import { inTemporaryFolder } from "../../temporary_folder.ts";

/** Says the seconds that it is told to, instead of computing. */
const STAND_IN = `#!/bin/sh
if [ "$1" = -c ]; then echo 9.9; exit; fi
case "$5" in
  eager) train=0.4 evaluate=0.5;;
  channels_last) train=0.2 evaluate=0.8;;
  compile) echo "failed: no C++ compiler"; exit;;
  channels_last+compile) exit;;
  *) train=0.1 evaluate=0.1;;
esac
while read kind; do eval echo \\$$kind; done
`;

const TASK = { threads: 2, batchSize: 4, size: 8 };

function withStandIn(test: (python: string) => Promise<void>): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const python = `${folder}/python`;
    await Deno.writeTextFile(python, STAND_IN, { mode: 0o755 });
    await test(python);
  });
}

Deno.test("PyTorch is taken from the first interpreter that has it", () =>
  withStandIn(async (python) => {
    const found = await findPyTorch(["/nowhere/python", "false", python]);
    assert.deepEqual(found, { python, version: "9.9" });
    assert.equal(await findPyTorch(["/nowhere/python", "false"]), undefined);
  }));

Deno.test("training and evaluation have fastest settings of their own, of 32-bit floats", () =>
  withStandIn(async (python) => {
    const settings = await measureSettings({ python, version: "9.9" }, TASK, () => {});
    assert.equal(fastestSetting(settings, "train"), "channels_last");
    assert.equal(fastestSetting(settings, "evaluate"), "eager");
    const [eager] = settings;
    assert.deepEqual(eager!.imagesPerSecond, { train: 10, evaluate: 8 });
  }));

Deno.test("a setting that fails is listed with its reason, and the others are measured", () =>
  withStandIn(async (python) => {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const settings = await measureSettings({ python, version: "9.9" }, TASK, log);
    assert.deepEqual(
      lines,
      ["train", "evaluate"].map((kind) => `  ${kind} steps of PyTorch in each of its settings`),
    );
    assert.deepEqual(settings.map(({ setting, problem }) => [setting, problem]), [
      ["eager", undefined],
      ["channels_last", undefined],
      ["compile", "no C++ compiler"],
      ["channels_last+compile", "the process ended by itself"],
      ["channels_last+bfloat16", undefined],
      ["channels_last+compile+bfloat16", undefined],
    ]);
    const failed = settings.filter(({ problem }) => problem !== undefined);
    assert.equal(fastestSetting(failed, "train"), undefined);
  }));

Deno.test("a peer says its setting and the seconds of each step", () =>
  withStandIn(async (python) => {
    await using peer = startPeer({ python, version: "9.9" }, "channels_last", TASK);
    assert.equal(peer.setting, "channels_last");
    assert.deepEqual([await peer.step("train"), await peer.step("evaluate")], [0.2, 0.8]);
  }));
