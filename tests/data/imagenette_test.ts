import assert from "node:assert/strict";
import { IMAGENETTE } from "../../src/data/imagenette.ts";
import { readCatalogued } from "../../src/data/open_dataset.ts";
import { countByCategory } from "../../src/data/dataset.ts";
import { onMachine } from "../dataset_on_machine.ts";

Deno.test("Imagenette's categories have the names of what they show", () => {
  assert.equal(IMAGENETTE.categoryNames["n02979186"], "cassette player");
});

const { folder, note } = onMachine(IMAGENETTE);

Deno.test({
  name: `Imagenette has as many pictures as the article used${note}`,
  ignore: folder === undefined,
  fn: async () => {
    const { splits } = await readCatalogued(IMAGENETTE, folder!);
    assert.equal(splits.train.length, 6725);
    assert.equal(splits.test.length, 3925);
    assert.equal(countByCategory(splits.test).size, 10);
  },
});
