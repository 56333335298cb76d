import assert from "node:assert/strict";
import { join } from "@std/path";
import { bcena } from "../../src/article/experiments.ts";
import { describe } from "../../src/experiments.ts";
import { quick } from "../../src/profiles.ts";
import {
  checkDescription,
  descriptionIn,
  readRunConfig,
  writeRunConfig,
} from "../../src/runs/run_config.ts";
import { syntheticConfig } from "../report/synthetic_runs.ts";
import { edit, inTemporaryFolder, namesIn } from "../temporary_folder.ts";

const CONFIG = syntheticConfig({ experiment: "bcena", seed: 3 });

Deno.test("a configuration comes back as it was written, with all of its profile", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "config.json");
    await writeRunConfig(path, CONFIG);
    assert.deepEqual(await readRunConfig(path), CONFIG);
  }));

Deno.test("a configuration that does not fit is not written", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "config.json");
    await assert.rejects(
      writeRunConfig(path, { ...CONFIG, seed: 1.5 }),
      /config\.json: seed: .*\(found 1\.5\)/,
    );
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("a category may not be called na", () =>
  inTemporaryFolder(async (folder) => {
    const groups = { known: ["na"], unknown: [], unseen: [] };
    const config = syntheticConfig({ experiment: "bcena", seed: 1, groups });
    await assert.rejects(
      writeRunConfig(join(folder, "config.json"), config),
      /dataset\.groups\.known\.0: "na" is the label of no category/,
    );
  }));

Deno.test("damage in config.json is named with file, field and value", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "config.json");
    const cases: readonly [string, string, RegExp][] = [
      ['"seed": 3', '"seed": "three"', /config\.json: seed: .*\(found "three"\)/],
      ['"seed": 3,', "", /seed: .*\(found nothing\)/],
      ['"sigmoid"', '"sigmoit"', /activation: .*\(found "sigmoit"\)/],
      ['"experiment": "bcena"', '"experiment": ""', /experiment: .*\(found ""\)/],
      ["2026-01-02T03:04:05.000Z", "yesterday", /time\.finished: .*\(found "yesterday"\)/],
      ['"batchSize": 48', '"batchSize": 0', /profile\.batchSize: .*\(found 0\)/],
      [`"size": ${CONFIG.profile.size}`, '"size": 16000', /profile\.size: .*\(found 16000\)/],
      ['"batchSize": 48', '"batchSize": 1e300', /profile\.batchSize: .*\(found 1e\+300\)/],
      ['"size": 64', '"size": -64', /profile\.size: .*\(found -64\)/],
      ['"size": 64', '"size": 1e7', /profile\.size: .*\(found 10000000\)/],
      ['"size": 64', '"sise": 64, "size": 64', /profile: Unrecognized key: "sise"/],
      ['"epochs": 2', '"epochs": -2', /profile\.phases\.1\.epochs: .*\(found -2\)/],
      ['"pctStart": 0.3', '"pctStart": 30', /phases\.0\.schedule\.pctStart: .*\(found 30\)/],
      ['"pctStart": 0.3', '"pct": 1, "pctStart": 0.3', /schedule: Unrecognized key: "pct"/],
      ['"threads": 2', '"threads": -2', /backend\.threads: .*\(found -2\)/],
      ['"threads": 2', '"threads": 1e12', /backend\.threads: .*\(found 1000000000000\)/],
      ['"cores": 2', '"cores": 1e12', /machine\.cores: /],
      ['"memoryGiB": 23.4', '"memoryGiB": -1', /machine\.memoryGiB: .*\(found -1\)/],
      ['"testSeconds": 4', '"testSeconds": -4', /time\.testSeconds: .*\(found -4\)/],
      ['"testSeconds": 4', '"testSeconds": 1e99', /time\.testSeconds: .*\(found 1e\+99\)/],
      ['"trainingSeconds": 61.5', '"trainingSeconds": 1e999', /trainingSeconds: .*Infinity/],
      [
        '"train": { "known": 36',
        '"train": { "known": -36',
        /counts\.train\.known: .*\(found -36\)/,
      ],
      ['"seed": 3', '"seed": -3', /seed: .*\(found -3\)/],
      ['"seed": 3', '"sead": 3, "seed": 3', /the whole file: Unrecognized key: "sead"/],
      ['"&amp;", ', '"&amp;", "&amp;", ', /dataset\.groups: a category is listed twice/],
      ['"seed": 3', '"seed": 3, "digests": {}', /digests\.predictions: .*\(found nothing\)/],
      ['"seed": 3', '"seed": 3, "definitions": { "loss": "x" }', /definitions\.loss: not a digest/],
      ["{", "", /config\.json: not JSON/],
    ];
    for (const [from, to, expected] of cases) {
      await writeRunConfig(path, CONFIG);
      await edit(path, from, to);
      await assert.rejects(readRunConfig(path), expected);
    }
  }));

Deno.test("an experiment of one's own is written and read", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "config.json");
    const experiment = {
      ...bcena,
      name: "my loss",
      title: "Mine",
      start: { head: "random" },
    } as const;
    const config = syntheticConfig({ experiment, seed: 1 });
    await writeRunConfig(path, config);
    const description = descriptionIn(await readRunConfig(path));
    assert.deepEqual(description, JSON.parse(JSON.stringify(describe(experiment))));
  }));

Deno.test("a profile that no saved network could have is refused before training", () => {
  const description = describe(bcena);
  checkDescription(description, quick);
  assert.throws(
    () => checkDescription(description, { ...quick, size: 2000 }),
    /^Error: profile "quick": size: .*\(found 2000\); correct its definition$/,
  );
});
