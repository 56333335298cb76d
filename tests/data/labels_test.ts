import assert from "node:assert/strict";
import type { CategoryGroups, LabelledImage } from "../../src/data/categories.ts";
import {
  correctLabel,
  knownLabels,
  NA,
  NA_OUTPUT,
  naOutputOf,
  networkLabels,
  NO_OUTPUT,
  outputOf,
} from "../../src/data/labels.ts";

const GROUPS: CategoryGroups = { known: ["dog", "cat"], unknown: ["car"], unseen: ["owl"] };

function image(group: LabelledImage["group"], category: string): LabelledImage {
  return { path: `val/${category}/1.jpg`, category, group };
}

Deno.test("networkLabels() are na, if there is such an output, and the sorted known categories", () => {
  assert.deepEqual(networkLabels(GROUPS, true), [NA, "cat", "dog"]);
  assert.deepEqual(networkLabels(GROUPS, false), ["cat", "dog"]);
  assert.deepEqual(knownLabels([NA, "cat", "dog"]), ["cat", "dog"]);
});

Deno.test("naOutputOf() is the first output, or none", () => {
  assert.equal(naOutputOf(networkLabels(GROUPS, true)), NA_OUTPUT);
  assert.equal(naOutputOf(networkLabels(GROUPS, false)), NO_OUTPUT);
});

Deno.test("correctLabel() is the category of a known picture, and na of any other", () => {
  assert.equal(correctLabel(image("known", "cat")), "cat");
  assert.equal(correctLabel(image("unknown", "car")), NA);
  assert.equal(correctLabel(image("unseen", "owl")), NA);
});

Deno.test("outputOf() counts known categories from 1 after na, and gives na to all others", () => {
  const labels = networkLabels(GROUPS, true);
  assert.equal(outputOf(image("known", "cat"), labels), 1);
  assert.equal(outputOf(image("known", "dog"), labels), 2);
  assert.equal(outputOf(image("unknown", "car"), labels), NA_OUTPUT);
  assert.equal(outputOf(image("unseen", "owl"), labels), NA_OUTPUT);
});

Deno.test("outputOf() has no output for unknown and unseen pictures in a network without na", () => {
  const labels = networkLabels(GROUPS, false);
  assert.equal(outputOf(image("known", "cat"), labels), 0);
  assert.equal(outputOf(image("unknown", "car"), labels), NO_OUTPUT);
  assert.equal(outputOf(image("unseen", "owl"), labels), NO_OUTPUT);
});

Deno.test("outputOf() refuses a known category the network does not have", () => {
  assert.throws(() => outputOf(image("known", "cow"), ["na", "cat"]), /cow.*only for na, cat/);
});
