import assert from "node:assert/strict";
import { join } from "@std/path";
import { fileDigest, type FileDigests, requireUnedited } from "../../src/runs/file_digests.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

/** Of a run without fitted scores. */
async function withTables(
  test: (
    paths: Record<keyof FileDigests, string>,
    written: FileDigests,
  ) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const paths = {
      predictions: join(folder, "predictions.csv"),
      history: join(folder, "history.csv"),
      fittedScores: join(folder, "fitted_scores.csv"),
    };
    await Deno.writeTextFile(paths.predictions, "path\n1.JPEG\n");
    await Deno.writeTextFile(paths.history, "epoch\n0\n");
    const predictions = (await fileDigest(paths.predictions))!;
    await test(paths, { predictions, history: (await fileDigest(paths.history))! });
  });
}

Deno.test("the digest of a file is the SHA-256 of its bytes; a missing file has none", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "abc");
    assert.equal(
      await fileDigest(join(folder, "file")),
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    assert.equal(await fileDigest(join(folder, "none")), undefined);
  }));

Deno.test("tables that are as they were written pass", () => withTables(requireUnedited));

Deno.test("a table that was edited is called edited, and named with the way out", () =>
  withTables(async (paths, written) => {
    await Deno.writeTextFile(paths.history, "epoch\n1\n");
    await assert.rejects(
      requireUnedited(paths, written),
      /history\.csv: it was edited after the run wrote it \(its SHA-256 is [0-9a-f]{64}, and was [0-9a-f]{64}\); restore it as it was, or train the run again/,
    );
  }));

Deno.test("a table that was removed or added is named", () =>
  withTables(async (paths, written) => {
    await Deno.writeTextFile(paths.fittedScores, "path\n1.JPEG\n");
    await assert.rejects(
      requireUnedited(paths, written),
      /fitted_scores\.csv: the run wrote no such file/,
    );
    const fittedScores = await fileDigest(paths.fittedScores);
    await Deno.remove(paths.fittedScores);
    await assert.rejects(
      requireUnedited(paths, { ...written, fittedScores }),
      /fitted_scores\.csv: it is missing; restore/,
    );
  }));
