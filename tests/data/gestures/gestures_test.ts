import assert from "node:assert/strict";
import { dirname } from "@std/path";
import { countByGroup, type Dataset } from "../../../src/data/dataset.ts";
import { decodeImage } from "../../../src/data/decode.ts";
import { buildGestures } from "../../../src/data/gestures/build.ts";
import {
  GESTURE_GROUPS,
  GESTURES,
  GESTURES_RECIPE,
  type Recipe,
} from "../../../src/data/gestures/recipe.ts";
import type { Progress } from "../../../src/data/progress.ts";
import { readCatalogued } from "../../../src/data/open_dataset.ts";
import { inTemporaryFolder, namesIn } from "../../temporary_folder.ts";

/** Little enough to be made in a moment. */
const RECIPE: Recipe = { ...GESTURES_RECIPE, size: 32, train: { known: 2, unknown: 1 }, test: 1 };
const PICTURES = 4 * 2 + 3 + 10;
const PICTURE = "val/ok-hand/emojione-yellow-0.jpg";

const PROGRAM = new URL("./killed_build.ts", import.meta.url).pathname;

/** Opens the data set as the program does, but for the recipe. */
async function openGestures(
  { folder, recipe, progress }: { folder: string; recipe: Recipe; progress?: Progress },
): Promise<Dataset> {
  await buildGestures(folder, recipe, progress);
  return await readCatalogued(GESTURES, folder);
}

/** Counts pictures as they are made. */
function counter() {
  const counts = { made: 0, stopped: 0 };
  const progress = {
    update: (done: number) => {
      counts.made += done > 0 ? 1 : 0;
    },
    stop: () => {
      counts.stopped++;
    },
  };
  return { counts, progress };
}

async function contentsOf(root: string, paths: readonly string[]): Promise<Uint8Array[]> {
  return await Promise.all(paths.map((path) => Deno.readFile(`${root}/${path}`)));
}

Deno.test("buildGestures() makes the data set: groups, names, counts", () =>
  inTemporaryFolder(async (parent) => {
    const folder = `${parent}/not/there/yet`;
    const { counts, progress } = counter();
    const dataset = await openGestures({ folder, recipe: RECIPE, progress });
    assert.deepEqual(counts, { made: PICTURES, stopped: 1 });
    assert.equal(dataset.name, "gestures");
    assert.equal(dataset.root, folder);
    assert.equal(dataset.groups, GESTURE_GROUPS);
    assert.equal(dataset.categoryNames["vulcan-salute"], "vulcan salute");
    assert.deepEqual(dataset.leftOut, []);
    assert.deepEqual(countByGroup(dataset.splits), {
      train: { known: 8, unknown: 3, unseen: 0 },
      test: { known: 4, unknown: 3, unseen: 3 },
    });
    assert.deepEqual(
      namesIn(`${folder}/train`),
      [
        ...GESTURE_GROUPS.known,
        ...GESTURE_GROUPS.unknown,
      ].sort(),
    );
    assert.deepEqual(namesIn(dirname(folder)), ["yet"], "no temporary files are left");
  }));

Deno.test("every picture has the recipe's size and is of many colours", () =>
  inTemporaryFolder(async (parent) => {
    const { root, splits } = await openGestures({ folder: `${parent}/gestures`, recipe: RECIPE });
    for (const { path } of [...splits.train, ...splits.test]) {
      const { pixels, width, height } = await decodeImage(`${root}/${path}`);
      assert.deepEqual([width, height], [32, 32]);
      assert.ok(new Set(pixels).size > 32, `${path} has hardly any colours`);
    }
  }));

Deno.test("each build makes the same pictures, byte for byte", () =>
  inTemporaryFolder(async (parent) => {
    const first = await openGestures({ folder: `${parent}/first`, recipe: RECIPE });
    const second = await openGestures({ folder: `${parent}/second`, recipe: RECIPE });
    assert.deepEqual(second.splits, first.splits);
    const paths = [...first.splits.train, ...first.splits.test].map(({ path }) => path);
    assert.deepEqual(await contentsOf(second.root, paths), await contentsOf(first.root, paths));
  }));

Deno.test("a complete data set is opened as it is, even where nothing can be written", () =>
  inTemporaryFolder(async (parent) => {
    const folder = `${parent}/gestures`;
    const { splits } = await openGestures({ folder, recipe: RECIPE });
    // What a file manager leaves behind is no picture.
    await Deno.writeTextFile(`${folder}/train/ok-hand/.DS_Store`, "");
    const { counts, progress } = counter();
    assert.deepEqual((await openGestures({ folder, recipe: RECIPE, progress })).splits, splits);
    assert.deepEqual(counts, { made: 0, stopped: 0 });
    assert.deepEqual(namesIn(parent), ["gestures"]);
  }));

Deno.test("the data set is made again for another recipe, a missing picture or one too many", () =>
  inTemporaryFolder(async (parent) => {
    const folder = `${parent}/gestures`;
    await openGestures({ folder, recipe: RECIPE });
    const another = { ...RECIPE, seed: 2, test: 2 };
    for (
      const spoil of [
        () => {},
        () => Deno.remove(`${folder}/${PICTURE}`),
        () => Deno.copyFile(`${folder}/${PICTURE}`, `${folder}/val/ok-hand/mine.jpg`),
        () => Deno.remove(`${folder}/train/ok-hand`, { recursive: true }),
      ]
    ) {
      await spoil();
      const { counts, progress } = counter();
      const { splits } = await openGestures({ folder, recipe: another, progress });
      assert.equal(counts.made, PICTURES + 10);
      assert.deepEqual([splits.train.length, splits.test.length], [11, 20]);
      assert.deepEqual(namesIn(parent), ["gestures"]);
    }
  }));

Deno.test("a folder that holds something else is left as it is", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/holiday.jpg`, "mine");
    await assert.rejects(
      openGestures({ folder, recipe: RECIPE }),
      new RegExp(`${folder} holds something other than.*move it away`),
    );
    assert.deepEqual(namesIn(folder), ["holiday.jpg"]);
  }));

Deno.test("an empty folder is filled", () =>
  inTemporaryFolder(async (parent) => {
    const folder = `${parent}/gestures`;
    await Deno.mkdir(folder);
    const { splits } = await openGestures({ folder, recipe: RECIPE });
    assert.equal(splits.test.length, 10);
  }));

Deno.test("a build that fails leaves nothing, and the former data set in place", () =>
  inTemporaryFolder(async (parent) => {
    const folder = `${parent}/gestures`;
    const { splits } = await openGestures({ folder, recipe: RECIPE });
    let stopped = false;
    const progress = {
      update: (done: number) => {
        if (done === 3) throw new Error("interrupted");
      },
      stop: () => {
        stopped = true;
      },
    };
    await assert.rejects(
      openGestures({ folder, recipe: { ...RECIPE, seed: 2 }, progress }),
      /interrupted/,
    );
    assert.ok(stopped);
    assert.deepEqual(namesIn(parent), ["gestures"]);
    assert.deepEqual((await openGestures({ folder, recipe: RECIPE })).splits, splits);
  }));

Deno.test("a killed build leaves nothing that is taken for the data set, and no obstacle", () =>
  inTemporaryFolder(async (parent) => {
    const folder = `${parent}/gestures`;
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-check",
        "--allow-read",
        "--allow-write",
        "--allow-env",
        "--allow-sys",
        "--allow-ffi",
        PROGRAM,
        folder,
      ],
      stdout: "piped",
    }).spawn();
    const said = child.stdout.getReader();
    assert.equal(new TextDecoder().decode((await said.read()).value), "begun\n");
    child.kill("SIGKILL");
    await child.status;
    await said.cancel();
    assert.deepEqual(namesIn(parent), ["gestures.lock", "gestures.tmp"]);
    const { splits } = await openGestures({ folder, recipe: RECIPE });
    assert.equal(splits.train.length, 11);
    assert.deepEqual(namesIn(parent), ["gestures"]);
  }));

Deno.test("of builds at once one makes the pictures and the others wait for it", () =>
  inTemporaryFolder(async (parent) => {
    const folder = `${parent}/gestures`;
    const { counts, progress } = counter();
    const open = () => openGestures({ folder, recipe: RECIPE, progress });
    const datasets = await Promise.all([open(), open(), open()]);
    assert.deepEqual(counts, { made: PICTURES, stopped: 1 });
    for (const { splits } of datasets) assert.deepEqual(splits, datasets[0]!.splits);
    assert.deepEqual(namesIn(parent), ["gestures"]);
  }));

Deno.test("a folder that cannot be made is named", () =>
  inTemporaryFolder(async (parent) => {
    await Deno.writeTextFile(`${parent}/file`, "");
    const folder = `${parent}/file/gestures`;
    await assert.rejects(
      openGestures({ folder, recipe: RECIPE }),
      new RegExp(`${folder}: cannot be written .*choose a folder`),
    );
  }));
