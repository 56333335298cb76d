import assert from "node:assert/strict";
import { ARTICLE_EXPERIMENTS } from "../src/article/experiments.ts";
import { ofProject, sourceOf } from "../src/definition.ts";
import { threshold } from "../src/evaluation/decisions.ts";
import { bcena } from "../src/losses/bcena.ts";
import { entropicOpenSet } from "../src/losses/entropic_open_set.ts";
import { objectosphere } from "../src/losses/objectosphere.ts";
import { NETWORKS } from "../src/model/registry.ts";

Deno.test("what this project brings along has no source of its own", () => {
  const experiments = ARTICLE_EXPERIMENTS.flatMap(({ loss, decision }) => [loss, decision]);
  const others = [entropicOpenSet, objectosphere({ weight: 2 }), threshold(0.7)];
  for (const definition of [...experiments, ...others, ...NETWORKS.values()]) {
    assert.equal(sourceOf(definition), undefined, definition.name);
  }
});

Deno.test("a copy has the source of those functions alone that are new", () => {
  assert.equal(sourceOf({ ...bcena, name: "renamed" }), undefined);
  const source = sourceOf({ ...bcena, targets: () => new Float32Array(1) });
  assert.deepEqual(Object.keys(JSON.parse(source!)), ["targets"]);
});

Deno.test("marking a definition changes nothing in it", () => {
  const decision = { name: "first", phrase: "by the first", decide: () => 0 };
  assert.notEqual(sourceOf(decision), undefined);
  assert.equal(ofProject(decision), decision);
  assert.equal(sourceOf(decision), undefined);
});
