/**
 * `fitted_scores.csv`: for every test picture, the values of scores that were fitted to the
 * training pictures. Only runs with such scores have this file.
 *
 * @module
 */
import { readCsv, writeCsv } from "../files/csv_table.ts";
import { isFile } from "../files/path_kind.ts";
import { damagedLine, RUN_REMEDY } from "./run_remedy.ts";

/** The file's name inside a run's folder. */
export const FITTED_SCORES_FILE = "fitted_scores.csv";

/** Values by the name of the score, in the order of the pictures. */
export type FittedScores = Readonly<Record<string, readonly number[]>>;

/**
 * Writes the file, one column per score; it appears whole or not at all.
 *
 * @param paths paths of the test pictures
 * @throws {Error} if a value is not finite
 */
export async function writeFittedScores(
  path: string,
  paths: readonly string[],
  scores: FittedScores,
): Promise<void> {
  const names = Object.keys(scores);
  const rows = paths.map((picture, index) => [
    picture,
    ...names.map((name) => {
      const value = scores[name]![index]!;
      if (Number.isFinite(value)) return String(value);
      throw new Error(`${path}: score "${name}" of ${picture} is ${value}, not a finite number`);
    }),
  ]);
  await writeCsv(path, ["path", ...names], rows);
}

/**
 * Reads the scores of each picture, by its path; they are empty if there is no such file.
 *
 * @throws {Error} that names file, line and value if it is damaged or not of these pictures
 */
export async function readFittedScores(
  path: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, number>>>> {
  if (!isFile(path)) return new Map();
  const { columns: [first, ...names], rows } = await readCsv(path, RUN_REMEDY);
  if (first !== "path") throw damagedLine(path, 1, `the first column is "${first}", not "path"`);
  const scores = new Map(rows.map(({ line, cells: [picture, ...cells] }) => {
    const values = names.map((name, index) => {
      const value = cells[index]!.trim() === "" ? NaN : Number(cells[index]);
      if (Number.isFinite(value)) return [name, value] as const;
      throw damagedLine(path, line, `score "${name}" is "${cells[index]}", not a finite number`);
    });
    return [picture!, Object.fromEntries(values)];
  }));
  const missing = paths.find((picture) => !scores.has(picture));
  if (missing !== undefined) throw damagedLine(path, 1, `there is no row for ${missing}`);
  return scores;
}
