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

Deno.test("imagenetteFolder() prefers the folder asked for to the environment's", () =>
  inTemporaryFolder(async (folder) => {
    const asked = makeDataset(`${folder}/asked`);
    const named = makeDataset(`${folder}/named`);
    withVariable(named, () => {
      assert.equal(imagenetteFolder(asked), asked);
      assert.equal(imagenetteFolder(), named);
    });
    await Promise.resolve();
  }));

Deno.test("imagenetteFolder() says what to do where a named folder is missing or incomplete", () =>
  inTemporaryFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/train`);
    const wayOut = /set IMAGENETTE_DIR to .* or unpack imagenette2-160\.tgz into data/;
    assert.throws(() => imagenetteFolder("/nowhere"), /--data \/nowhere/);
    assert.throws(() => imagenetteFolder(folder), wayOut);
    withVariable("/nowhere", () => {
      assert.throws(() => imagenetteFolder(), /IMAGENETTE_DIR=\/nowhere/);
      assert.throws(() => imagenetteFolder(), wayOut);
    });
    await Promise.resolve();
  }));
