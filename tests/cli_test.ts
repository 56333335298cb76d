import assert from "node:assert/strict";
import { dirname } from "@std/path";
import { EXPERIMENTS, PROFILES } from "../src/catalogue.ts";
import { CATALOGUE } from "../src/data/catalogue.ts";
import { NETWORKS } from "../src/model/registry.ts";
import { assertOneLine, PROJECT, task, taskCommand } from "./command_line.ts";
import { patternedPicture, writePicture } from "./data/pictures.ts";
import { writeSyntheticRun } from "./report/synthetic_runs.ts";
import { inTemporaryFolder, namesIn } from "./temporary_folder.ts";

Deno.test("golden exits with 0 when the code agrees, and with 1 when it does not", () =>
  inTemporaryFolder(async (folder) => {
    const losses = new URL("./golden/losses.json", import.meta.url);
    await Deno.copyFile(losses, `${folder}/losses.json`);
    const { code, out } = await task("golden", folder, "--backend", "simd");
    assert.match(out, /^ok {4}losses\.json/m);
    assert.equal(code, 0);

    const wrong = (await Deno.readTextFile(losses)).replace(/"loss": ?3/, '"loss": 4');
    assert.notEqual(wrong, await Deno.readTextFile(losses));
    await Deno.writeTextFile(`${folder}/losses.json`, wrong);
    const failed = await task("checked", "golden", folder, "--backend", "cpu");
    assert.match(failed.out, /^FAIL {2}losses\.json/m);
    assert.equal(failed.code, 1);
  }));

Deno.test("the help of reproduce names every experiment, profile, network and data set", async () => {
  const { code, out } = await task("reproduce", "--help");
  assert.equal(code, 0);
  const named = [...EXPERIMENTS, ...PROFILES, ...CATALOGUE].map(({ name }) => name);
  for (const name of [...named, ...NETWORKS.keys()]) {
    assert.match(out, new RegExp(`\\b${name}\\b`));
  }
});

for (
  const [args, message] of [
    [["reproduce", "--only", "ce,bcna"], /unknown experiment "bcna"/],
    [["reproduce", "--seeds", "1,x"], /seeds are whole numbers/],
    [["reproduce", "--seeds", "-1"], /seeds are whole numbers/],
    [["reproduce", "--seeds", "1e99"], /seeds are whole numbers/],
    [["reproduce", "--seeds", "99999999999999999999"], /seeds are whole numbers/],
    [["reproduce", "--seeds", ""], /seeds are whole numbers/],
    [["reproduce", "--threads", "0"], /a whole number from 1/],
    [["reproduce", "--threads", "1e99"], /a whole number from 1/],
    [["reproduce", "--profile", "slow"], /unknown profile "slow"; there are article, .*quick/],
    [["reproduce", "--start", "stem"], /a start is a group and a network, such as stem=imagewoof/],
    [["reproduce", "--start", "=x"], /a start is a group and a network, such as stem=imagewoof/],
    [["reproduce", "--network", "resnet"], /Allowed choices are .*xresnet34/],
    [["reproduce", "--with", "/nowhere.ts"], /\/nowhere\.ts: cannot be loaded/],
    [
      ["reproduce", "--sedes", "1"],
      /unknown option '--sedes' \(Did you mean --seeds\?\); see --help/,
    ],
    [["reproduce", "more"], /too many arguments/],
    [["reproduce"], /IMAGENETTE_DIR=\/nowhere: no Imagenette there/],
    [
      ["reproduce", "--dataset", "/nowhere"],
      /--dataset \/nowhere: no such folder; name imagenette/,
    ],
    [["reproduce", "--dataset", "imagenette", "--known", "a"], /data set is imagenette/],
    [["reproduce", "--dataset", "gestures", "--data", "x"], /--dataset is gestures/],
    [["reproduce", "--dataset", "imagewoof", "--data", "/nowhere"], /no Imagewoof there/],
    [["fetch", "imagenet"], /'imagenet' is invalid .* choices are imagenette, imagewoof/],
    [["fetch", "gestures"], /'gestures' is invalid .* choices are imagenette, imagewoof/],
    [["fetch", "imagenette", "more"], /too many arguments/],
    [["reproduce", "--known", "a,,b"], /a comma between two/],
    [["report", "/nowhere"], /no finished run there/],
    [["report"], /missing required argument 'folder'/],
    [["predict", "/nowhere", "x.jpg"], /\/nowhere/],
    [["page", "/nowhere"], /\/nowhere: no trained network there/],
    [["page", "/nowhere", "--threshold", "2"], /a score is a number from 0 to 1/],
    [["export", "/nowhere"], /required option '--onnx <file>' not specified; see --help/],
    [["export", "/nowhere", "--onnx", "/nowhere.onnx"], /\/nowhere: no trained network there/],
    [["golden", "--backend", "webgpu"], /Allowed choices are auto, simd, cpu/],
    [["bench", "--size", "1.5"], /a whole number from 1/],
    [["bench", "--size", "128,"], /a whole number from 1/],
    [
      ["bench", "--jax-js", "/nowhere.js"],
      /--jax-js \/nowhere\.js: cannot be loaded .*; run npm install @jax-js\/jax/,
    ],
    [["checked", "reproduec"], /unknown command 'reproduec'/],
  ] as const
) {
  Deno.test(`a wrong command line is one error line and exit code 1: ${args.join(" ")}`, async () => {
    const { code, out, error } = await task(...args);
    assertOneLine(error);
    assert.match(error, message);
    assert.equal(out, "");
    assert.equal(code, 1);
  });
}

Deno.test("what a task may not do is one error line that says so", () =>
  inTemporaryFolder(async (folder) => {
    const [line] = Object.values(await tasks()).filter((line) => line.includes("cli.ts golden"));
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...line!.split(" ").slice(1).filter((flag) => flag !== "--allow-read"), folder],
      cwd: PROJECT,
      env: { NO_COLOR: "1" },
    }).output();
    const error = new TextDecoder().decode(stderr);
    assertOneLine(error);
    assert.match(error, /Requires read access to .*; deno\.json gives each task its permissions/);
    assert.equal(code, 1);
  }));

Deno.test("no task may do everything, and only those that download may connect, to one host", async () => {
  const all = await tasks();
  for (const [name, line] of Object.entries(all)) {
    assert.doesNotMatch(
      line,
      /(^| )(-A|--allow-all|--allow-net|--allow-env|--allow-sys)( |$)/,
      name,
    );
  }
  const net = (line: string) => /--allow-net=(\S+)/.exec(line)?.[1];
  for (const name of ["reproduce", "fetch", "checked"]) {
    assert.equal(net(all[name]!), "s3.amazonaws.com:443", name);
  }
  for (const name of ["predict", "page", "export", "report", "golden", "bench", "build-kernels"]) {
    assert.equal(net(all[name]!), undefined, name);
  }
});

Deno.test("only bench, which starts a Python, and notebooks may start any program", async () => {
  for (const [name, line] of Object.entries(await tasks())) {
    const mayStart = /--allow-run(?!=)/.test(line);
    assert.equal(mayStart, name === "bench" || name === "notebooks", name);
  }
});

Deno.test("a task that writes nothing may not, and one that measures may only in data/", async () => {
  const all = await tasks();
  for (const name of ["predict", "golden"]) assert.doesNotMatch(all[name]!, /--allow-write/, name);
  for (const name of ["fetch", "bench"]) assert.match(all[name]!, /--allow-write=data /, name);
});

Deno.test("another version than deno.lock has is an error, and the lock stays as it is", () =>
  inTemporaryFolder(async (folder) => {
    const { imports, lock } = JSON.parse(await Deno.readTextFile(`${PROJECT}/deno.json`));
    const changed = { ...imports, zod: "npm:zod@4" };
    const configuration = { imports: changed, lock, tasks: { any: "deno eval 'import \"zod\"'" } };
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(configuration));
    await Deno.copyFile(`${PROJECT}/deno.lock`, `${folder}/deno.lock`);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "any"],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    assert.match(new TextDecoder().decode(stderr), /lockfile is out of date/);
    assert.notEqual(code, 0);
    assert.deepEqual(
      await Deno.readTextFile(`${folder}/deno.lock`),
      await Deno.readTextFile(`${PROJECT}/deno.lock`),
    );
  }));

Deno.test("fetch may do what a download needs, and says that the host cannot be reached", () =>
  // A machine that has Imagenette only counts its pictures.
  task("fetch").then(({ code, out, error }) => {
    if (code === 0) return assert.match(out, /Imagenette is complete in .*imagenette2-160/);
    assert.match(error, /^error: .*s3\.amazonaws\.com cannot be reached/m);
    assert.doesNotMatch(error, /Requires/);
    assert.equal(code, 1);
  }));

for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`${signal} while pictures are decoded leaves nothing behind, exit code ${exitCode}`, () =>
    stopWhileDecoding(signal, exitCode));
}

function stopWhileDecoding(signal: Deno.Signal, exitCode: number): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const picture = `${folder}/pets/cat/0.png`;
    await writePicture(picture, patternedPicture(640, 480));
    for (const category of ["cat", "dog"]) {
      for (let i = 0; i < 200; i++) {
        const path = `${folder}/pets/${category}/${i}.png`;
        Deno.mkdirSync(dirname(path), { recursive: true });
        if (path !== picture) Deno.copyFileSync(picture, path);
      }
    }
    const places = ["--out", `${folder}/out`, "--cache", `${folder}/cache`];
    const dataset = ["--dataset", `${folder}/pets`, "--known", "cat,dog"];
    const process = taskCommand(["reproduce", ...dataset, ...places, "--only", "ce"]).spawn();
    process.stdout.cancel();
    let error = "";
    for await (const text of process.stderr.pipeThrough(new TextDecoderStream())) {
      if (!error.includes("decoding") && (error + text).includes("decoding")) {
        process.kill(signal);
      }
      error += text;
    }
    const { code } = await process.status;
    assert.match(error, /stopping after this step/);
    assert.match(error, /^stopped; run the same command again to continue$/m);
    assert.equal(code, exitCode, error);
    assert.deepEqual(namesIn(`${folder}/cache`), []);
    assert.deepEqual(namesIn(folder), ["cache", "out", "pets"]);
  });
}

Deno.test("a missing folder for temporary files is found before anything is read or trained", () =>
  inTemporaryFolder(async (folder) => {
    const args = ["reproduce", "--dataset", "/nowhere", "--out", `${folder}/out`];
    const command = taskCommand(args, { TMPDIR: `${folder}/missing` });
    const error = new TextDecoder().decode((await command.output()).stderr);
    assertOneLine(error);
    assert.match(error, /the folder for temporary files \(TMPDIR\) cannot be written to/);
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("SIGINT while a report is drawn leaves nothing half done, exit code 130", () =>
  inTemporaryFolder(async (folder) => {
    for (const experiment of ["ce", "bce", "bce-na", "bcena"]) {
      await writeSyntheticRun(folder, { experiment, seed: 1 });
    }
    const process = taskCommand(["report", folder]).spawn();
    let isOver = false;
    process.status.then(() => isOver = true);
    while (!isOver && !namesIn(folder).includes("figures.tmp")) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    process.kill("SIGINT");
    const { code, stderr } = await process.output();
    assert.match(new TextDecoder().decode(stderr), /^stopped; run the same command again/m);
    assert.equal(code, 130);
    assert.deepEqual(namesIn(folder), ["bce", "bce-na", "bcena", "ce", "results.json"]);
  }));

async function tasks(): Promise<Record<string, string>> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${PROJECT}/deno.json`));
  const { test: _test, check: _check, ...others } = tasks;
  return others;
}
