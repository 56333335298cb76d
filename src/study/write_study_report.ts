/**
 * The report of a study's folder, made from the units in it.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { join } from "@std/path";
import { filesBelow, isFolder } from "../files/path_kind.ts";
import { writeDocument } from "../report/write_report.ts";
import type { Score } from "../scores/score.ts";
import { studyDocument } from "./document.ts";
import { studyResults, writeStudyResults } from "./results.ts";
import type { StudyResults } from "./results_schema.ts";
import { UNITS_FOLDER } from "./unit.ts";
import { readUnit, type UnitResult } from "./unit_files.ts";

/**
 * Reads all finished units in a study's folder, computes every measure from their
 * pictures, and writes `results.json`, `figures/`, `report.md` and `report.html`.
 *
 * @param scores in the order of tables
 * @param order names of trainings that come first, in this order
 * @throws {Error} that names file and value if there is no finished unit, a file is missing or
 *   damaged, or units do not belong together; nothing is written then
 * @throws the signal's reason
 */
export async function writeStudyReport(
  out: string,
  scores: readonly Score[],
  order: readonly string[],
  signal?: AbortSignal,
): Promise<StudyResults> {
  const results = studyResults(await readUnits(out), scores, order);
  const document = studyDocument(results);
  await writeStudyResults(join(out, "results.json"), results);
  await writeDocument(out, document, signal);
  return results;
}

/**
 * All finished units in a study's folder.
 *
 * @throws {Error} as {@linkcode writeStudyReport}
 */
export async function readUnits(out: string): Promise<UnitResult[]> {
  const root = join(out, UNITS_FOLDER);
  const folders = isFolder(root)
    ? [...new Set((await filesBelow(root)).map((path) => path.split("/").slice(0, -1).join("/")))]
    : [];
  const units: UnitResult[] = [];
  for (const folder of folders.sort()) {
    const unit = await readUnit(join(root, folder));
    if (unit === undefined) continue;
    const { split, seed, training } = unit.config.planned;
    const own = [split, `seed-${seed}`, training].join("/");
    if (folder !== own) {
      throw new Error(`${join(root, folder)}: config.json says ${own}; move the folder there`);
    }
    requireComparable(join(root, folder), unit, units[0]);
    units.push(unit);
  }
  if (units.length > 0) return units;
  throw new Error(
    `${out}: no finished unit there (looked for ${UNITS_FOLDER}/<split>/seed-<n>/<training>/); make ` +
      "some with `deno task study`",
  );
}

function requireComparable(folder: string, unit: UnitResult, first: UnitResult | undefined): void {
  if (first === undefined) return;
  const [own, other] = [unit.config.planned, first.config.planned];
  const differing = own.dataset.name !== other.dataset.name
    ? "data set"
    : isDeepStrictEqual(own.profile, other.profile)
    ? undefined
    : "profile";
  if (differing === undefined) return;
  throw new Error(
    `${folder}: its ${differing} is not that of ${other.split}, seed ${other.seed}, ` +
      `${other.training}; units of one report must share it, so move one away`,
  );
}
