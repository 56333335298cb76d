import { type CsvRow, readCsv, writeCsv } from "../files/csv_table.ts";
import type { TrainingPhase } from "../profiles.ts";
import { type HistoryRow, historyRowSchema } from "../training/history.ts";
import { damagedLine, RUN_REMEDY } from "./run_remedy.ts";

/** The name, inside a run's folder, of the file with losses and metrics after every epoch. */
export const HISTORY_FILE = "history.csv";

const COLUMNS = historyRowSchema.unwrap().keyof().options;

/** Columns whose cells are empty if the experiment does not have the metric. */
const OPTIONAL: readonly string[] = ["accuracy_without_na", "accuracy_with_na"];

/** Columns of shares; other numbers have no upper limit. */
const SHARES: readonly string[] = ["accuracy", ...OPTIONAL];

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
 * Reads `history.csv` back and checks it.
 *
 * @param phases the phases of the run's profile
 * @throws {Error} that names file, line, column and value if the file is missing or damaged: wrong
 *   columns, a number out of range, epochs that are not consecutive from 0, or whose number or
 *   phases do not match the profile
 */
export async function readHistory(
  path: string,
  phases: readonly Pick<TrainingPhase, "name" | "epochs">[],
): Promise<HistoryRow[]> {
  const { columns, rows } = await readCsv(path, RUN_REMEDY);
  if (columns.join() !== COLUMNS.join()) {
    throw damagedLine(path, 1, `the columns are ${columns.join()}, not ${COLUMNS.join()}`);
  }
  if (rows.length === 0) throw new Error(`${path}: it has no epochs; ${RUN_REMEDY}`);
  const history = rows.map((row, epoch) => {
    const read = readRow(path, row);
    if (read.epoch === epoch) return read;
    throw damagedLine(path, row.line, `epoch is ${read.epoch}, but the next one must be ${epoch}`);
  });
  const epochs = phases.flatMap(({ name, epochs }) => Array<string>(epochs).fill(name));
  if (history.length !== epochs.length) {
    throw new Error(
      `${path}: ${history.length} epochs instead of the profile's ${epochs.length}; ${RUN_REMEDY}`,
    );
  }
  const stray = history.findIndex(({ phase }, epoch) => phase !== epochs[epoch]);
  if (stray < 0) return history;
  const fault = `phase is "${history[stray]!.phase}", not "${epochs[stray]}" as in the profile`;
  throw damagedLine(path, rows[stray]!.line, fault);
}

function readRow(path: string, { line, cells }: CsvRow): HistoryRow {
  const fields = COLUMNS.map((column, index) => {
    const cell = cells[index]!;
    if (column === "phase") return [column, cell];
    const value = cell.trim() === "" ? null : Number(cell);
    if (value === null && OPTIONAL.includes(column)) return [column, null];
    const [most, range] = SHARES.includes(column)
      ? [1, "from 0 to 1"]
      : [Infinity, "of at least 0"];
    if (value !== null && Number.isFinite(value) && value >= 0 && value <= most) {
      return [column, value];
    }
    throw damagedLine(path, line, `${column} is "${cell}", not a number ${range}`);
  });
  return Object.fromEntries(fields) as HistoryRow;
}
