import assert from "node:assert/strict";
import { GROUPS } from "../../src/data/categories.ts";
import { readImageFolder } from "../../src/data/image_folder.ts";
import { checkImagenette, IMAGENETTE_GROUPS, IMAGENETTE_NAMES } from "../../src/data/imagenette.ts";
import { checkGroups, countByCategory } from "../../src/data/splits.ts";
import { imagenette, imagenetteNote } from "../imagenette.ts";

Deno.test("every Imagenette category is in one group and has a name", () => {
  checkGroups(IMAGENETTE_GROUPS);
  const categories = GROUPS.flatMap((group) => IMAGENETTE_GROUPS[group]);
  assert.deepEqual(categories.sort(), Object.keys(IMAGENETTE_NAMES).sort());
  assert.equal(IMAGENETTE_NAMES["n02979186"], "cassette player");
});

Deno.test("checkImagenette() names the group that is incomplete", () => {
  assert.throws(
    () => checkImagenette({ train: [], test: [] }),
    /3861 known pictures for train, but 0 were found/,
  );
});

Deno.test({
  name: `Imagenette has as many pictures as the article used${imagenetteNote}`,
  ignore: imagenette === undefined,
  fn: async () => {
    const splits = await readImageFolder(imagenette!, IMAGENETTE_GROUPS);
    checkImagenette(splits);
    assert.equal(splits.train.length, 6725);
    assert.equal(splits.test.length, 3925);
    assert.equal(countByCategory(splits.test).size, 10);
  },
});
