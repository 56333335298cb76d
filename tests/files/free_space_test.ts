import assert from "node:assert/strict";
import { join } from "@std/path";
import { requireSpace } from "../../src/files/free_space.ts";
import { inTemporaryFolder, namesIn } from "../temporary_folder.ts";

Deno.test("less room than is needed is an error with both numbers, also for a folder to be made", () =>
  inTemporaryFolder(async (folder) => {
    for (const place of [folder, join(folder, "not", "there")]) {
      await requireSpace(place, 1000, "a file");
      await assert.rejects(requireSpace(place, 1e18, "all pictures"), (error: Error) => {
        assert.ok(
          error.message.startsWith(`${place}: about 1,000,000,000,000 MB are needed for all`),
        );
        assert.match(
          error.message,
          / pictures, and only [\d,]+ MB are free there; free some space or /,
        );
        return true;
      });
    }
    assert.deepEqual(namesIn(folder), []);
  }));
