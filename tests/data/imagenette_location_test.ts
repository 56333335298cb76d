import assert from "node:assert/strict";
import { IMAGENETTE_VARIABLE, imagenetteFolder } from "../../src/data/imagenette_location.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

function withVariable(value: string, test: () => void): void {
  const before = Deno.env.get(IMAGENETTE_VARIABLE);
  Deno.env.set(IMAGENETTE_VARIABLE, value);
  try {
    test();
  } finally {
    if (before === undefined) Deno.env.delete(IMAGENETTE_VARIABLE);
    else Deno.env.set(IMAGENETTE_VARIABLE, before);
  }
}

function makeDataset(folder: string): string {
  for (const split of ["train", "val"]) Deno.mkdirSync(`${folder}/${split}`, { recursive: true });
  return folder;
}

Deno.test("imagenetteFolder() prefers the folder asked for to the environment's, and that to the usual", () =>
  inTemporaryFolder((folder) => {
    const asked = makeDataset(`${folder}/asked`);
    const named = makeDataset(`${folder}/named`);
    const usual = makeDataset(`${folder}/usual`);
    withVariable(named, () => {
      assert.equal(imagenetteFolder(asked, usual), asked);
      assert.equal(imagenetteFolder(undefined, usual), named);
    });
    withVariable("", () => assert.equal(imagenetteFolder(undefined, usual), usual));
  }));

Deno.test("imagenetteFolder() is undefined where none is named and none in the usual place", () =>
  inTemporaryFolder((folder) =>
    withVariable("", () => assert.equal(imagenetteFolder(undefined, `${folder}/usual`), undefined))
  ));

Deno.test("imagenetteFolder() never passes over a folder that was named or is not complete", () =>
  inTemporaryFolder((folder) => {
    const usual = makeDataset(`${folder}/usual`);
    Deno.mkdirSync(`${folder}/half/train`, { recursive: true });
    assert.throws(
      () => imagenetteFolder("/nowhere", usual),
      /^Error: --data \/nowhere: .*name the/,
    );
    withVariable("/nowhere", () => {
      assert.throws(
        () => imagenetteFolder(undefined, usual),
        /IMAGENETTE_DIR=\/nowhere: .*name the/,
      );
    });
    withVariable("", () => {
      assert.throws(
        () => imagenetteFolder(undefined, `${folder}/half`),
        /half: no Imagenette there \(.*half\/val is not a folder\); run `deno task fetch --repair`/,
      );
    });
  }));
