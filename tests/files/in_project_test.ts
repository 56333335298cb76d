import assert from "node:assert/strict";
import { join, relative } from "@std/path";
import { nameInProject, PROJECT } from "../../src/files/in_project.ts";

Deno.test("folders of the project have the same name on every machine, others are absolute", () => {
  assert.equal(
    nameInProject(join(PROJECT, "results/imagenette-quick")),
    "results/imagenette-quick",
  );
  assert.equal(nameInProject(join(PROJECT, "..hidden/x")), "..hidden/x");
  assert.equal(nameInProject(PROJECT), ".");
  assert.equal(nameInProject("/elsewhere/results"), "/elsewhere/results");
  assert.equal(nameInProject(relative(Deno.cwd(), "/elsewhere/results")), "/elsewhere/results");
});
