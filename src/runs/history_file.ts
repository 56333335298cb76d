import { type HistoryRow, historyRowSchema } from "../training/history.ts";
import { readCsv, writeCsv } from "../files/csv_table.ts";
import { damagedLine, RUN_REMEDY } from "./run_config.ts";

/** Inside a run's folder, the name of the file with losses and metrics after every epoch. */
export const HISTORY_FILE = "history.csv";

const COLUMNS = historyRowSchema.unwrap().keyof().options;

/** Their cells are empty where an experiment does not have the metric. */
const OPTIONAL: readonly string[] = ["accuracy_without_na", "accuracy_with_na"];

const SIGNIFICANT_DIGITS = 6;

/**
 * Writes `history.csv`, one column per key of a row; the file appears whole or not at all.
 *
 * @throws {Error} if a number is not finite.
 */
export async function writeHistory(path: string, rows: readonly HistoryRow[]): Promise<void> {
  const cells = rows.map((row) =>
    COLUMNS.map((column) => {
      const value = row[column];
      if (value === null) return "";
      if (typeof value === "string") return value;
      if (!Number.isFinite(value)) {
        throw new Error(`${path}: ${column} of epoch ${row.epoch} is ${value}, not a number`);
      }
      return String(Number(value.toPrecision(SIGNIFICANT_DIGITS)));
    })
  );
  await writeCsv(path, COLUMNS, cells);
}

/**
 * Reads `history.csv` back.
 *
 * @throws {Error} that names file, line, column and value if the file is missing or damaged.
 */
export async function readHistory(path: string): Promise<HistoryRow[]> {
  const { columns, rows } = await readCsv(path, RUN_REMEDY);
  if (columns.join() !== COLUMNS.join()) {
    throw damagedLine(path, 1, `the columns are ${columns.join()}, not ${COLUMNS.join()}`);
  }
  if (rows.length === 0) throw new Error(`${path}: there is no epoch in it; ${RUN_REMEDY}`);
  return rows.map(({ line, cells }) => {
    const fields = COLUMNS.map((column, index) => {
      const cell = cells[index]!;
      if (column === "phase") return [column, cell];
      const value = cell.trim() === "" ? null : Number(cell);
      if (value === null && OPTIONAL.includes(column)) return [column, null];
      if (value !== null && Number.isFinite(value) && value >= 0) return [column, value];
      throw damagedLine(path, line, `${column} is "${cell}", not a number of at least 0`);
    });
    return Object.fromEntries(fields) as HistoryRow;
  });
}
