import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { startBackend, stopBackend } from "../../../src/backend/start_backend.ts";
import { formatGoldenReport, runGoldenFiles } from "../../../src/tools/golden/command.ts";
import { passes } from "../../../src/tools/golden/golden.ts";
import { inTemporaryFolder } from "../../temporary_folder.ts";

const GOLDEN = fromFileUrl(new URL("../../golden", import.meta.url));
async function onlyVectorFiles(folder: string): Promise<void> {
  for (const { name } of Deno.readDirSync(GOLDEN)) {
    if (name.endsWith(".json")) await Deno.copyFile(join(GOLDEN, name), join(folder, name));
  }
}

for (const backend of ["simd", "cpu"] as const) {
  Deno.test(`all vector files agree with the code on ${backend}`, () =>
    inTemporaryFolder(async (folder) => {
      await onlyVectorFiles(folder);
      await startBackend(backend);
      try {
        const reports = await runGoldenFiles(folder);
        const files = Array.from(Deno.readDirSync(folder), ({ name }) => name);
        assert.deepEqual(reports.map(({ file }) => file), files.sort());
        for (const report of reports) {
          assert.ok(
            report.comparisons.length > 0 && report.comparisons.every(passes),
            formatGoldenReport(report),
          );
        }
      } finally {
        await stopBackend();
      }
    }));
}

Deno.test("a result over its tolerance, and NaN, are reported as failures", () => {
  const report = formatGoldenReport({
    file: "x.json",
    comparisons: [
      { name: "good", error: 1e-9, tolerance: 1e-6 },
      { name: "far", error: 1e-3, tolerance: 1e-6 },
      { name: "no number", error: NaN, tolerance: 1e-6 },
    ],
  });
  assert.match(report, /^FAIL .*far/m);
  assert.match(report, /^FAIL .*no number/m);
  assert.doesNotMatch(report, /good/);
});

Deno.test("a vector file without cases is a failure", () => {
  assert.match(formatGoldenReport({ file: "x.json", comparisons: [] }), /^FAIL/);
});

Deno.test("a missing or empty folder, a strange name and a file of another form are errors", () =>
  inTemporaryFolder(async (folder) => {
    await assert.rejects(runGoldenFiles(join(folder, "none")), /none: cannot be read/);
    await assert.rejects(runGoldenFiles(folder), /no vector files/);
    await Deno.writeTextFile(join(folder, "losses.json"), '{"not": "a list"}');
    await assert.rejects(runGoldenFiles(folder), /losses\.json: cannot be compared/);
    await Deno.writeTextFile(join(folder, "other.json"), "[]");
    await assert.rejects(runGoldenFiles(folder), /other\.json: no code to compare it with/);
  }));
