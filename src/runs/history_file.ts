/**
 * `history.csv`: losses and metrics after every epoch of a run.
 *
 * @module
 */
import type { HistoryRow } from "../training/history.ts";
import { type CsvRow, readCsv, writeCsv } from "../files/csv_table.ts";
import { RUN_REMEDY } from "./run_config.ts";

/** The file's name inside a run's folder. */
export const HISTORY_FILE = "history.csv";

const COLUMNS = [
  "epoch",
  "phase",
  "train_loss",
  "valid_loss",
  "accuracy",
  "accuracy_without_na",
  "accuracy_with_na",
  "seconds",
] as const;

type Column = typeof COLUMNS[number];

const SIGNIFICANT_DIGITS = 6;

/**
 * Writes `history.csv`, one column per key of a row; cells of metrics that do not exist for the
 * experiment (null) are empty. The file appears whole or not at all.
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
    const found = columns.join();
    throw new Error(
      `${path}, line 1: the columns are ${found}, not ${COLUMNS.join()}; ${RUN_REMEDY}`,
    );
  }
  if (rows.length === 0) throw new Error(`${path}: there is no epoch in it; ${RUN_REMEDY}`);
  return rows.map((row) => readHistoryRow(path, row));
}

function readHistoryRow(path: string, { line, cells }: CsvRow): HistoryRow {
  const damaged = (column: Column, expected: string) => {
    const found = cells[COLUMNS.indexOf(column)];
    return new Error(
      `${path}, line ${line}: ${column} is "${found}", not ${expected}; ${RUN_REMEDY}`,
    );
  };
  const optional = (column: Column): number | null => {
    const cell = cells[COLUMNS.indexOf(column)]!.trim();
    if (cell === "") return null;
    const value = Number(cell);
    if (!Number.isFinite(value) || value < 0) throw damaged(column, "a number of at least 0");
    return value;
  };
  const required = (column: Column): number => {
    const value = optional(column);
    if (value === null) throw damaged(column, "a number");
    return value;
  };
  return {
    epoch: required("epoch"),
    phase: cells[COLUMNS.indexOf("phase")]!,
    train_loss: required("train_loss"),
    valid_loss: required("valid_loss"),
    accuracy: required("accuracy"),
    accuracy_without_na: optional("accuracy_without_na"),
    accuracy_with_na: optional("accuracy_with_na"),
    seconds: required("seconds"),
  };
}
