import assert from "node:assert/strict";
import { answers, knownLabels, labelOf } from "../../src/evaluation/predictions.ts";

Deno.test("the label of a picture that is not known is na", () => {
  assert.equal(labelOf({ path: "a", category: "horn", group: "known" }), "horn");
  assert.equal(labelOf({ path: "a", category: "horn", group: "unknown" }), "na");
  assert.equal(labelOf({ path: "a", category: "horn", group: "unseen" }), "na");
});

Deno.test("a rejected picture is na with and without an output for it", () => {
  const rule = { kind: "threshold", threshold: 0.5 } as const;
  assert.deepEqual(answers(["na", "horn"], [[0.1, 0.2], [0.1, 0.6]], rule), ["na", "horn"]);
  assert.deepEqual(answers(["ball", "horn"], [[0.1, 0.2], [0.1, 0.6]], rule), ["na", "horn"]);
});

Deno.test("known labels keep the order of the network", () => {
  assert.deepEqual(knownLabels(["na", "b", "a"]), ["b", "a"]);
});
