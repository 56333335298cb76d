import assert from "node:assert/strict";
import { GROUPS } from "../../src/data/categories.ts";
import { IMAGENETTE } from "../../src/data/imagenette.ts";
import { IMAGEWOOF } from "../../src/data/imagewoof.ts";
import { readCatalogued } from "../../src/data/open_dataset.ts";
import { countByCategory } from "../../src/data/dataset.ts";
import { onMachine } from "../dataset_on_machine.ts";

Deno.test("Imagewoof is ten known breeds, none of which is in Imagenette", () => {
  const { groups, categoryNames } = IMAGEWOOF;
  assert.equal(groups.known.length, 10);
  assert.deepEqual([...groups.unknown, ...groups.unseen], []);
  assert.equal(categoryNames["n02115641"], "dingo");
  const others = GROUPS.flatMap((group) => IMAGENETTE.groups[group]);
  assert.deepEqual(groups.known.filter((breed) => others.includes(breed)), []);
});

const { folder, note } = onMachine(IMAGEWOOF);

Deno.test({
  name: `Imagewoof has 9,025 pictures to train on and 3,929 to test with${note}`,
  ignore: folder === undefined,
  fn: async () => {
    const { splits } = await readCatalogued(IMAGEWOOF, folder!);
    assert.equal(splits.train.length, 9025);
    assert.equal(splits.test.length, 3929);
    assert.equal(countByCategory(splits.train).get("n02089973"), 580);
    assert.equal(countByCategory(splits.test).get("n02089973"), 224);
  },
});
