import assert from "node:assert/strict";
import { CATALOGUE, catalogueEntry } from "../../src/data/catalogue.ts";
import { isArchived, usualFolder } from "../../src/data/catalogue_entry.ts";
import { GROUPS } from "../../src/data/categories.ts";
import { wrongPictures } from "../../src/data/download/pictures_on_disk.ts";
import { readCatalogued } from "../../src/data/open_dataset.ts";
import { checkGroups } from "../../src/data/image_folder.ts";
import { onMachine } from "../dataset_on_machine.ts";

Deno.test("no two data sets share a name, a variable or a folder, and each is found by its name", () => {
  for (
    const values of [
      CATALOGUE.map(({ name }) => name),
      CATALOGUE.filter(isArchived).map(({ variable }) => variable),
      [...CATALOGUE.map((entry) => usualFolder(entry, "data")), "data/cache"],
    ]
  ) {
    assert.equal(new Set(values).size, values.length, values.join());
  }
  for (const entry of CATALOGUE) assert.equal(catalogueEntry(entry.name), entry);
  assert.equal(catalogueEntry("imagenet"), undefined);
});

for (const { name, groups, categoryNames } of CATALOGUE) {
  Deno.test(`every category of ${name} is in one group and has a readable name`, () => {
    checkGroups(groups);
    const categories = GROUPS.flatMap((group) => groups[group]);
    assert.deepEqual(categories.sort(), Object.keys(categoryNames).sort());
    assert.equal(new Set(Object.values(categoryNames)).size, categories.length);
  });
}

for (const dataset of CATALOGUE.filter(isArchived)) {
  const { name, archive, counts } = dataset;
  Deno.test(`what ${name} tests with is its whole val folder, and no picture is trained that is not in train`, () => {
    const sum = (split: "train" | "test") =>
      GROUPS.reduce((total, group) => total + counts[split][group], 0);
    assert.equal(sum("test"), archive.pictures.val);
    assert.equal(counts.train.unseen, 0);
    assert.ok(sum("train") <= archive.pictures.train);
    assert.ok(archive.limits.entries > archive.pictures.train + archive.pictures.val);
  });

  const { folder, note } = onMachine(dataset);
  Deno.test({
    name: `${name} on this machine is complete, and the very pictures of the archive${note}`,
    ignore: folder === undefined,
    fn: async () => {
      const opened = await readCatalogued(dataset, folder!);
      assert.equal(opened.name, name);
      assert.equal(opened.splits.test.length, archive.pictures.val);
      assert.equal(await wrongPictures(folder!, archive, "content"), undefined);
    },
  });
}
