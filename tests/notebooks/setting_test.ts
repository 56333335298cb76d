import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { CATALOGUE } from "../../src/data/catalogue.ts";
import { isArchived } from "../../src/data/catalogue_entry.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import type { DatasetSources } from "../../src/data/open_dataset.ts";
import { DISPLAY } from "../../src/notebooks/show.ts";
import { openSetting } from "../../src/notebooks/setting.ts";
import { SETTING_VARIABLES } from "../../src/notebooks/setting_variables.ts";
import { quick } from "../../src/profiles.ts";
import { patternedPicture, writePicture } from "../data/pictures.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

const CHOICE = { dataset: "imagenette", profile: "quick", seeds: [1, 2, 3] };
const PROJECT = fromFileUrl(new URL("../../", import.meta.url));

const GESTURES: Dataset = {
  name: "gestures",
  root: "/gestures",
  groups: { known: ["ok"], unknown: [], unseen: [] },
  categoryNames: {},
  splits: { train: [], test: [] },
  leftOut: [],
};

/** A machine without data sets, where the embedded one takes no time. */
const WITHOUT_DATA: DatasetSources = {
  dataFolder: "/nowhere",
  fetch: () => Promise.reject(new Error("a notebook downloads nothing")),
  embedded: () => Promise.resolve(GESTURES),
};

/** Runs a test with these variables alone of those that notebooks look at. */
async function withEnvironment(
  variables: Readonly<Record<string, string>>,
  test: () => Promise<void>,
): Promise<void> {
  const places = CATALOGUE.filter(isArchived).map(({ variable }) => variable);
  const names = [...Object.values(SETTING_VARIABLES), ...places];
  const before = names.map((name) => [name, Deno.env.get(name)] as const);
  for (const name of names) Deno.env.delete(name);
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  try {
    await test();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

async function textOf(setting: Awaited<ReturnType<typeof openSetting>>): Promise<string> {
  return (await setting[DISPLAY]())["text/plain"];
}

Deno.test("without Imagenette a notebook uses the gestures, and says so and how to get it", () =>
  withEnvironment({}, async () => {
    const setting = await openSetting(CHOICE, WITHOUT_DATA);
    assert.equal(setting.dataset.name, "gestures");
    assert.equal(setting.out, join(PROJECT, "results/gestures-quick"));
    const text = await textOf(setting);
    assert.match(
      text,
      /^- Imagenette is not on this machine, .* gestures .* \(99 MB\), run `deno task fetch imagenette`\.$/m,
    );
    assert.match(text, /- Results: results\/gestures-quick$/);
  }));

Deno.test("nothing takes the place of another data set, and the notebook says how to get that", () =>
  withEnvironment({}, async () => {
    const choice = { ...CHOICE, dataset: "imagewoof" };
    await assert.rejects(
      openSetting(choice, WITHOUT_DATA),
      /^Error: Imagewoof is not on this machine; .* \(93 MB\), run `deno task fetch imagewoof`$/,
    );
  }));

Deno.test("the gestures take Imagenette's place with a profile of minutes, unless one is overruled", async () => {
  const choice = { ...CHOICE, profile: "article" };
  const opened = () => openSetting(choice, WITHOUT_DATA);
  await withEnvironment({}, async () => {
    const setting = await opened();
    assert.equal(setting.profile.name, "quick");
    assert.equal(setting.out, join(PROJECT, "results/gestures-quick"));
    const text = await textOf(setting);
    assert.match(text, /^- The profile quick takes the place of article, /m);
    assert.match(text, /- Profile: quick, 64 x 64 pixels, 5 epochs/);
  });
  await withEnvironment({ UNKNOWN_PROFILE: "article" }, async () => {
    assert.equal((await opened()).profile.name, "article");
  });
});

Deno.test("gestures that are asked for take the place of nothing", () =>
  withEnvironment({}, async () => {
    const choice = { ...CHOICE, dataset: "gestures" };
    const { dataset } = await openSetting(choice, WITHOUT_DATA);
    assert.equal(dataset.name, "gestures");
    assert.equal(dataset.substitution, undefined);
  }));

Deno.test("the environment overrules what a notebook asks for", () =>
  inTemporaryFolder(async (folder) => {
    for (const category of ["a", "b"]) {
      for (const split of ["train", "val"]) {
        await writePicture(join(folder, split, category, "1.png"), patternedPicture(8, 8));
      }
    }
    const file = { name: "own", known: ["a"], unknown: ["b"] };
    await Deno.writeTextFile(join(folder, "dataset.json"), JSON.stringify(file));
    const variables = {
      UNKNOWN_DATASET: folder,
      UNKNOWN_PROFILE: "article",
      UNKNOWN_SEEDS: "7, 8,7",
      UNKNOWN_RESULTS: "results/elsewhere",
    };
    await withEnvironment(variables, async () => {
      const setting = await openSetting(CHOICE);
      assert.equal(setting.dataset.name, "own");
      assert.equal(setting.profile.name, "article");
      assert.deepEqual(setting.seeds, [7, 8]);
      assert.equal(setting.out, join(PROJECT, "results/elsewhere"));
      assert.equal(
        await textOf(setting),
        [
          "- Data set: own, 2 training and 2 test pictures",
          "- Profile: article, 128 x 128 pixels, 22 epochs",
          "- Seeds: 7 and 8",
          "- Results: results/elsewhere",
        ].join("\n"),
      );
    });
  }));

Deno.test("variables that are empty count as not set", () =>
  withEnvironment({ UNKNOWN_PROFILE: "", UNKNOWN_SEEDS: "" }, async () => {
    const setting = await openSetting(CHOICE, WITHOUT_DATA);
    assert.equal(setting.profile.name, "quick");
    assert.deepEqual(setting.seeds, [1, 2, 3]);
  }));

Deno.test("seeds and profiles that are none are errors that name them", async () => {
  const open = () => openSetting(CHOICE, WITHOUT_DATA);
  for (const seeds of ["1,", "x", "-1", "0.5"]) {
    await withEnvironment(
      { UNKNOWN_SEEDS: seeds },
      () => assert.rejects(open, new RegExp(`UNKNOWN_SEEDS=${seeds}: seeds are whole numbers`)),
    );
  }
  await withEnvironment({}, async () => {
    for (const seeds of [[], [0.5], [1, -2]]) {
      await assert.rejects(
        openSetting({ ...CHOICE, seeds }),
        /^Error: seeds: \[.*\]: seeds are whole/,
      );
    }
  });
  await withEnvironment(
    { UNKNOWN_PROFILE: "slow" },
    () => assert.rejects(open, /unknown profile "slow"; there are article, .*quick/),
  );
});

Deno.test("a profile of the notebook's own is taken as it is, unless one is named for all", async () => {
  const profile = { ...quick, name: "longer" };
  const opened = () => openSetting({ ...CHOICE, dataset: "gestures", profile }, WITHOUT_DATA);
  await withEnvironment({}, async () => {
    const setting = await opened();
    assert.equal(setting.profile, profile);
    assert.equal(setting.out, join(PROJECT, "results/gestures-longer"));
  });
  await withEnvironment({ [SETTING_VARIABLES.profile]: "smoke" }, async () => {
    assert.equal((await opened()).profile.name, "smoke");
  });
});
