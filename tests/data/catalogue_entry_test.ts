import assert from "node:assert/strict";
import { GESTURES } from "../../src/data/gestures/recipe.ts";
import { datasetFolder, usualFolder } from "../../src/data/catalogue_entry.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";
import { tinyArchive, tinyDataset } from "./download/tiny_archive.ts";

const TINY = tinyDataset((await tinyArchive()).at("http://127.0.0.1"));

function withVariable(value: string, test: () => void): void {
  const before = Deno.env.get(TINY.variable);
  Deno.env.set(TINY.variable, value);
  try {
    test();
  } finally {
    if (before === undefined) Deno.env.delete(TINY.variable);
    else Deno.env.set(TINY.variable, before);
  }
}

function makeDataset(folder: string): string {
  for (const split of ["train", "val"]) Deno.mkdirSync(`${folder}/${split}`, { recursive: true });
  return folder;
}

Deno.test("usualFolder() is that of the archive, or has the name of what is made here", () => {
  assert.equal(usualFolder({ ...TINY, name: "other" }, "/data"), "/data/tiny");
  assert.equal(usualFolder(GESTURES, "/data"), "/data/gestures");
});

Deno.test("datasetFolder() prefers the folder asked for to the environment's, and that to the usual", () =>
  inTemporaryFolder((folder) => {
    const asked = makeDataset(`${folder}/asked`);
    const named = makeDataset(`${folder}/named`);
    const usual = makeDataset(`${folder}/tiny`);
    withVariable(named, () => {
      assert.equal(datasetFolder(TINY, asked, folder), asked);
      assert.equal(datasetFolder(TINY, undefined, folder), named);
    });
    withVariable("", () => assert.equal(datasetFolder(TINY, undefined, folder), usual));
  }));

Deno.test("datasetFolder() is undefined where none is named and none in the usual place", () =>
  inTemporaryFolder((folder) =>
    withVariable("", () => assert.equal(datasetFolder(TINY, undefined, folder), undefined))
  ));

Deno.test("datasetFolder() never passes over a folder that was named or is not complete", () =>
  inTemporaryFolder((folder) => {
    makeDataset(`${folder}/tiny`);
    Deno.mkdirSync(`${folder}/half/tiny/train`, { recursive: true });
    assert.throws(
      () => datasetFolder(TINY, "/nowhere", folder),
      /^Error: --data \/nowhere: no Tiny there .*name the/,
    );
    withVariable("/nowhere", () => {
      assert.throws(() => datasetFolder(TINY, undefined, folder), /TINY_DIR=\/nowhere: .*name the/);
    });
    withVariable("", () => {
      assert.throws(
        () => datasetFolder(TINY, undefined, `${folder}/half`),
        /half\/tiny: no Tiny there \(.*tiny\/val is not a folder\); run `deno task fetch tiny --repair`/,
      );
    });
  }));
