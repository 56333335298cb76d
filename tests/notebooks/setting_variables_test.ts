import assert from "node:assert/strict";
import { resolve } from "@std/path";
import { settingEnvironment } from "../../src/notebooks/setting_variables.ts";

Deno.test("settingEnvironment() sets what is given, and paths for any working directory", () => {
  assert.deepEqual(settingEnvironment({}), {});
  assert.deepEqual(
    settingEnvironment({ dataset: "gestures", profile: "quick", seeds: [1, 2], results: "out" }),
    {
      UNKNOWN_DATASET: "gestures",
      UNKNOWN_PROFILE: "quick",
      UNKNOWN_SEEDS: "1,2",
      UNKNOWN_RESULTS: resolve("out"),
    },
  );
  assert.deepEqual(settingEnvironment({ dataset: "my/pictures" }), {
    UNKNOWN_DATASET: resolve("my/pictures"),
  });
});
