import assert from "node:assert/strict";
import { dirname, fromFileUrl } from "@std/path";
import { GROUPS, readableName } from "../../src/data/categories.ts";
import { CATALOGUE } from "../../src/data/catalogue.ts";
import { type ArchivedDataset, isArchived } from "../../src/data/catalogue_entry.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { HostUnreachable } from "../../src/data/download/errors.ts";
import { IMAGENETTE } from "../../src/data/imagenette.ts";
import { IMAGEWOOF } from "../../src/data/imagewoof.ts";
import { type DatasetSources, openDataset } from "../../src/data/open_dataset.ts";
import { ce } from "../../src/article/experiments.ts";
import { ARTICLE_EXPERIMENTS } from "../../src/article/experiments.ts";
import { describe } from "../../src/experiments.ts";
import { quick } from "../../src/profiles.ts";
import { readPredictions } from "../../src/runs/predictions_file.ts";
import { runExperiments } from "../../src/reproduce.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    Deno.mkdirSync(dirname(`${root}/${path}`), { recursive: true });
    Deno.writeTextFileSync(`${root}/${path}`, text);
  }
}

const RESULTS = fromFileUrl(new URL("../../results/imagenette-quick", import.meta.url));

/** Imagenette with empty files: those that the committed runs were tested with, and others. */
async function writeImagenette(root: string): Promise<void> {
  const run = `${RESULTS}/ce/seed-1/predictions.csv`;
  const { predictions } = await readPredictions(run, describe(ce));
  const paths = predictions.map(({ path }) => path);
  paths.push(...emptyPictures(IMAGENETTE, "train"));
  writeFiles(root, Object.fromEntries(paths.map((path) => [path, ""])));
}

/** Imagewoof with empty files. */
async function writeImagewoof(root: string): Promise<void> {
  const paths = [...emptyPictures(IMAGEWOOF, "train"), ...emptyPictures(IMAGEWOOF, "test")];
  await Promise.resolve(writeFiles(root, Object.fromEntries(paths.map((path) => [path, ""]))));
}

/** Paths of as many pictures as a complete data set has of each group. */
function emptyPictures({ groups, counts }: ArchivedDataset, split: "train" | "test"): string[] {
  const folder = split === "train" ? "train" : "val";
  return GROUPS.flatMap((group) => {
    const categories = groups[group];
    return Array.from(
      { length: counts[split][group] },
      (_, i) => `${folder}/${categories[i % categories.length]}/${i}.JPEG`,
    );
  });
}

const GESTURES: Dataset = {
  name: "gestures",
  root: "/gestures",
  groups: { known: ["ok"], unknown: [], unseen: [] },
  categoryNames: {},
  splits: { train: [], test: [] },
  leftOut: [],
};

/** Sources that note what they are asked for. */
function fakeSources(
  folder: string,
  fetch: (place: string) => Promise<void>,
): { sources: DatasetSources; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    sources: {
      dataFolder: folder,
      fetch: async ({ title }, { folder: place }) => {
        asked.push(title);
        await fetch(place!);
        return place!;
      },
      embedded: async ({ name }, place) => {
        assert.equal(place, `${folder}/${name}`);
        asked.push(name);
        return await Promise.resolve(GESTURES);
      },
    },
  };
}

function unreachable(): Promise<never> {
  return Promise.reject(new HostUnreachable(IMAGENETTE.archive, "no such host"));
}

function broken(): Promise<never> {
  return Promise.reject(new Error("the connection broke off"));
}

async function withVariable(
  value: string,
  test: () => Promise<void>,
  { variable }: Pick<ArchivedDataset, "variable"> = IMAGENETTE,
): Promise<void> {
  const before = Deno.env.get(variable);
  Deno.env.set(variable, value);
  try {
    await test();
  } finally {
    if (before === undefined) Deno.env.delete(variable);
    else Deno.env.set(variable, before);
  }
}

Deno.test("without a name, Imagenette is opened where it is, and downloaded where it is not", () =>
  inTemporaryFolder((folder) =>
    withVariable("", async () => {
      const { sources, asked } = fakeSources(folder, writeImagenette);
      const fetched = await openDataset({}, { sources });
      assert.deepEqual(asked, ["Imagenette"]);
      assert.equal(fetched.name, "imagenette");
      assert.equal(fetched.root, `${folder}/imagenette2-160`);
      assert.equal(fetched.splits.test.length, 3925);
      assert.equal(fetched.substitution, undefined);
      for (const choice of [{}, { dataset: "imagenette" }, { data: fetched.root }]) {
        assert.deepEqual(await openDataset(choice, { sources }), fetched);
      }
      await withVariable(fetched.root, async () => {
        assert.deepEqual(await openDataset({}, { sources }), fetched);
      });
      assert.deepEqual(asked, ["Imagenette"]);

      const [picture] = fetched.splits.test;
      await Deno.remove(`${fetched.root}/${picture!.path}`);
      await assert.rejects(
        openDataset({}, { sources }),
        /has 1186 unknown pictures for test, but 1185/,
      );
    })
  ));

Deno.test("Imagewoof is opened by its name, from its own folder, place or variable", () =>
  inTemporaryFolder((folder) =>
    withVariable("", async () => {
      const { sources, asked } = fakeSources(folder, writeImagewoof);
      const fetched = await openDataset({ dataset: "imagewoof" }, { sources });
      assert.deepEqual(asked, ["Imagewoof"]);
      assert.equal(fetched.name, "imagewoof");
      assert.equal(fetched.root, `${folder}/imagewoof2-160`);
      assert.deepEqual(fetched.groups, IMAGEWOOF.groups);
      assert.deepEqual([fetched.splits.train.length, fetched.splits.test.length], [9025, 3929]);

      const elsewhere = { ...sources, dataFolder: "/nowhere" };
      const choice = { dataset: "imagewoof", data: fetched.root };
      assert.deepEqual(await openDataset(choice, { sources: elsewhere }), fetched);
      await withVariable(fetched.root, async () => {
        const opened = await openDataset({ dataset: "imagewoof" }, { sources: elsewhere });
        assert.deepEqual(opened, fetched);
      }, IMAGEWOOF);
      assert.deepEqual(asked, ["Imagewoof"]);
    }, IMAGEWOOF)
  ));

Deno.test("the committed runs are of the data set that is opened", () =>
  inTemporaryFolder(async (folder) => {
    await writeImagenette(`${folder}/imagenette`);
    const log: string[] = [];
    await runExperiments({
      dataset: await openDataset({ data: `${folder}/imagenette` }),
      experiments: ARTICLE_EXPERIMENTS.map((experiment) => ({ ...experiment, profile: quick })),
      seeds: [1, 2, 3],
      backend: { name: "cpu", threads: 1 },
      out: RESULTS,
      fresh: false,
      keepWithoutModel: true,
      log: (line) => log.push(line),
    });
    assert.equal(log.length, 12);
    assert.ok(log.every((line) => line.includes("finished earlier, kept")), log.join());
  }));

Deno.test("without a name and without a network, the embedded data set is opened, and it says so first", () =>
  inTemporaryFolder((folder) =>
    withVariable("", async () => {
      const { sources, asked } = fakeSources(folder, unreachable);
      const told: string[] = [];
      const dataset = await openDataset({}, {
        sources,
        onSubstitution: (sentence) => {
          told.push(sentence);
          assert.ok(!asked.includes("gestures"));
        },
      });
      const substitution = "Imagenette is not on this machine and s3.amazonaws.com cannot be " +
        "reached (no such host), so the embedded data set gestures is used instead.";
      assert.deepEqual(told, [substitution]);
      assert.deepEqual(dataset, { ...GESTURES, substitution });
      assert.deepEqual(asked, ["Imagenette", "gestures"]);
    })
  ));

Deno.test("a data set that was named is never replaced by another", () =>
  inTemporaryFolder(async (folder) => {
    const { sources, asked } = fakeSources(folder, unreachable);
    await withVariable("", async () => {
      for (const { name, variable } of CATALOGUE.filter(isArchived)) {
        await withVariable("", () =>
          assert.rejects(
            openDataset({ dataset: name }, { sources }),
            /s3\.amazonaws\.com cannot be reached .*, or take --dataset gestures/,
          ), { variable });
      }
      await assert.rejects(
        openDataset({ data: folder }, { sources }),
        /--data .*no Imagenette there/,
      );
      assert.equal(await openDataset({ dataset: "gestures" }, { sources }), GESTURES);
    });
    await withVariable("/nowhere", async () => {
      await assert.rejects(openDataset({}, { sources }), /IMAGENETTE_DIR=\/nowhere: no Imagenette/);
    });
    assert.deepEqual(
      asked,
      [...CATALOGUE.filter(isArchived).map(({ title }) => title), "gestures"],
    );
  }));

Deno.test("a download that fails otherwise is an error, and no reason for another data set", () =>
  inTemporaryFolder((folder) =>
    withVariable("", async () => {
      const { sources, asked } = fakeSources(folder, broken);
      await assert.rejects(openDataset({}, { sources }), /the connection broke off/);
      assert.deepEqual(asked, ["Imagenette"]);
    })
  ));

const PETS = Object.fromEntries(
  ["cat", "dog", "car", "owl"].flatMap((category) =>
    [1, 2, 3].map((i) => [`${category}/${i}.png`, ""])
  ),
);
const GROUPED = { known: ["cat", "dog"], unknown: ["car"], unseen: ["owl"] };

function withPets(
  files: Readonly<Record<string, string>>,
  test: (root: string) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    writeFiles(`${folder}/pets`, { ...PETS, ...files });
    await test(`${folder}/pets`);
  });
}

Deno.test("a folder of pictures has the groups of the command line and its own name", () =>
  withPets({}, async (root) => {
    const dataset = await openDataset({ dataset: `${root}/../pets/`, ...GROUPED });
    assert.equal(dataset.name, "pets");
    assert.deepEqual(dataset.groups, GROUPED);
    assert.deepEqual(dataset.categoryNames, {});
    assert.deepEqual(dataset.leftOut, []);
    assert.deepEqual([dataset.splits.train.length, dataset.splits.test.length], [6, 6]);
  }));

Deno.test("a folder's dataset.json gives its name, groups, readable names and share to test with", () => {
  const file = { name: "My pets", ...GROUPED, names: { owl: "an owl" }, testShare: 0.6 };
  return withPets({ "dataset.json": JSON.stringify(file) }, async (root) => {
    const dataset = await openDataset({ dataset: root });
    assert.equal(dataset.name, "My pets");
    assert.deepEqual(dataset.groups, GROUPED);
    assert.deepEqual(dataset.categoryNames, { owl: "an owl" });
    assert.deepEqual([dataset.splits.train.length, dataset.splits.test.length], [3, 9]);
  });
});

Deno.test("categories called like what all objects have keep their readable names", () => {
  const known = ["__proto__", "constructor", "toString"];
  const names = '{ "__proto__": " prototype ", "constructor": "builder", "toString": "yarn" }';
  const files = Object.fromEntries(
    known.flatMap((name) => [1, 2].map((index) => [`${name}/${index}.png`, ""])),
  );
  const text = `{ "known": ${JSON.stringify([...known, ...GROUPED.known])}, "names": ${names},
    "unknown": ["car"], "unseen": ["owl"] }`;
  return withPets({ ...files, "dataset.json": text }, async (root) => {
    const { categoryNames } = await openDataset({ dataset: root });
    assert.deepEqual(
      known.map((category) => readableName(categoryNames, category)),
      ["prototype", "builder", "yarn"],
    );
  });
});

Deno.test("groups of the command line stand in for all of dataset.json's", () =>
  withPets({ "dataset.json": JSON.stringify({ ...GROUPED, name: "x" }) }, async (root) => {
    const dataset = await openDataset({
      dataset: root,
      known: ["car"],
      unseen: ["cat", "dog", "owl"],
    });
    assert.deepEqual(dataset.groups, {
      known: ["car"],
      unknown: [],
      unseen: ["cat", "dog", "owl"],
    });
    assert.equal(dataset.name, "x");
  }));

Deno.test("accents may be typed otherwise than the file system spells them", () =>
  withPets({ "z\u0301aba/1.png": "", "z\u0301aba/2.png": "" }, async (root) => {
    const known = ["\u017aaba", ...GROUPED.known];
    Deno.writeTextFileSync(`${root}/dataset.json`, `{ "names": { "\u017aaba": "frog" } }`);
    const dataset = await openDataset({ dataset: root, ...GROUPED, known });
    assert.equal(dataset.groups.known[0], "z\u0301aba");
    assert.deepEqual(dataset.categoryNames, { "z\u0301aba": "frog" });
    await assert.rejects(
      openDataset({ dataset: root, ...GROUPED, known: [...known, "z\u0301aba"] }),
      /listed twice/,
    );
  }));

function refuses(
  what: string,
  choice: Parameters<typeof openDataset>[0],
  message: RegExp,
  datasetFile?: unknown,
): void {
  Deno.test(`openDataset() refuses ${what}`, () => {
    const text = typeof datasetFile === "string" ? datasetFile : JSON.stringify(datasetFile);
    const files = datasetFile === undefined ? {} : { "dataset.json": text };
    return withPets(files, async (root) => {
      const dataset = choice!.dataset?.replace("PETS", root);
      const options = dataset === undefined ? {} : { dataset };
      await assert.rejects(openDataset({ ...choice, ...options }), message);
    });
  });
}

refuses(
  "a name that is none of its data sets and no folder",
  { dataset: "imagenet" },
  /^Error: --dataset imagenet: no such folder; name imagenette, .*gestures or a folder of pictures$/,
);
refuses(
  "groups for Imagenette",
  { known: ["a"] },
  /--known, --unknown and --unseen are for a folder of pictures, but the data set is imagenette/,
);
refuses(
  "groups for another built-in data set",
  { dataset: "imagewoof", unseen: ["a"] },
  /data set is imagewoof/,
);
refuses("groups for the gestures", { dataset: "gestures", unseen: ["a"] }, /data set is gestures/);
refuses(
  "the place of a data set from an archive for a folder",
  { dataset: "PETS", data: "x" },
  /--data says where imagenette or .* lies, but --dataset is .*pets; leave one out/,
);
refuses(
  "the place of a data set from an archive for the gestures",
  { dataset: "gestures", data: "x" },
  /--data says where imagenette or .* lies, but --dataset is gestures; leave one out/,
);
refuses(
  "a folder without groups, and names its folders",
  { dataset: "PETS" },
  /pets: nothing says .* --known a,b .*pets\/dataset\.json; there are "car", "cat", "dog", "owl"/,
);
refuses(
  "a folder that nobody has put into a group",
  { dataset: "PETS", known: ["cat", "dog"], unknown: ["car"] },
  /in no group: "owl"; make each/,
);
refuses(
  "groups without a known category",
  { dataset: "PETS", unknown: ["cat", "dog"], unseen: ["car", "owl"] },
  /no category is known/,
);
refuses(
  "a dataset.json that is not JSON",
  { dataset: "PETS" },
  /dataset\.json: not JSON/,
  "{known:",
);
refuses(
  "a field that dataset.json does not have",
  { dataset: "PETS" },
  /dataset\.json: .*"knwon".*; correct or delete it/,
  { knwon: ["cat"] },
);
refuses(
  "a group that is no list",
  { dataset: "PETS" },
  /dataset\.json: known: .*expected array/,
  { known: "cat" },
);
for (const testShare of [0, 1, -1, "half"]) {
  refuses(
    `a share of ${testShare} to test with`,
    { dataset: "PETS" },
    /dataset\.json: testShare: /,
    { ...GROUPED, testShare },
  );
}
for (const [name, found] of [["", '""'], [7, "7"], [null, "null"]] as const) {
  refuses(
    `the readable name ${found}`,
    { dataset: "PETS" },
    new RegExp(`dataset\\.json: names\\.owl: expected a name \\(found ${found}\\); correct or`),
    { ...GROUPED, names: { owl: name } },
  );
}
for (const names of ["owl", ["owl"], 7]) {
  refuses(
    `readable names that are ${JSON.stringify(names)}`,
    { dataset: "PETS" },
    /dataset\.json: names: expected a name for each category \(found /,
    { ...GROUPED, names },
  );
}
refuses(
  "a readable name for a category that is not there",
  { dataset: "PETS" },
  /dataset\.json: names "elk", which no group has/,
  { ...GROUPED, names: { elk: "an elk" } },
);
for (const name of ["", "..", "a/b", ".git"]) {
  refuses(
    `the name ${JSON.stringify(name)}, which cannot be a folder's`,
    { dataset: "PETS" },
    /its results cannot lie in a folder named .*; give it another as "name" in .*dataset\.json/,
    { ...GROUPED, name },
  );
}
for (const { name } of CATALOGUE) {
  refuses(
    `the name of the data set ${name}`,
    { dataset: "PETS" },
    /is the name of another data set; give it another/,
    { ...GROUPED, name },
  );
}

// A hundred thousand gave no answer while each category was looked for among all folders.
Deno.test("thousands of categories without pictures are an error", () =>
  inTemporaryFolder(async (root) => {
    const known = Array.from({ length: 4000 }, (_, index) => `category ${index}`);
    for (const category of known) Deno.mkdirSync(`${root}/${category}`);
    await Deno.writeTextFile(`${root}/dataset.json`, JSON.stringify({ known }));
    await assert.rejects(
      openDataset({ dataset: root }),
      /category 0: 0 JPEG, PNG, WebP, GIF or TIFF pictures, at least 2 needed; add some or take/,
    );
  }));
