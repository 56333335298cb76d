import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { messageOf } from "./error_message.ts";
import { LONGEST_TEXT } from "./plain_file.ts";
import { readWholeBytes, readWholeFile, writeWholeFile } from "./whole_file.ts";

/** A row of a CSV file. */
export interface CsvRow {
  /** The line of the file that the row ends on, counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** The file name ending of compressed tables. */
const COMPRESSED = ".gz";

/**
 * A CSV table as text; cells with separators of cells or lines, here or in other dialects, are
 * quoted. A cell that a spreadsheet would read as a formula gets an apostrophe in front, which
 * {@linkcode readCsv} removes.
 *
 * Source: OWASP, "CSV Injection".
 */
export function csvText(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return stringify([columns, ...rows].map((row) => row.map(neutralised)), {
    quoted_match: [/^'/, /[;\t\r]/],
  });
}

/**
 * Also matches a neutralised formula, so that cells beginning with apostrophes read back unchanged.
 */
const STARTS_FORMULA = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

function neutralised(cell: string): string {
  const isNumber = cell.trim() === cell && Number.isFinite(Number(cell));
  return STARTS_FORMULA.test(cell) && !isNumber ? `'${cell}` : cell;
}

function asBefore(cell: string): string {
  return cell.startsWith("'") && STARTS_FORMULA.test(cell) ? cell.slice(1) : cell;
}

/**
 * Writes a CSV table; the file appears whole or not at all. It is compressed (gzip) if its name
 * ends with `.gz`. Equal tables make equal files.
 */
export async function writeCsv(
  path: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  const text = csvText(columns, rows);
  const content = path.endsWith(COMPRESSED) ? gzipSync(text, { level: 9 }) : text;
  await writeWholeFile(path, content);
}

/**
 * Reads a CSV table: its column names and its rows, each with one cell per column. A file whose
 * name ends with `.gz` is decompressed.
 *
 * @param remedy what to do about a missing or damaged file, for the message
 * @throws {Error} that names the file and the line, if it is missing, empty, cut off or not CSV, or
 *   a row does not have one cell per column.
 */
export async function readCsv(path: string, remedy: string) {
  const text = path.endsWith(COMPRESSED)
    ? unzipped(path, await readWholeBytes(path, remedy), remedy)
    : await readWholeFile(path, remedy);
  const [header, ...rows] = parseCsv(path, text, remedy);
  if (header === undefined) throw new Error(`${path}: the file is empty; ${remedy}`);
  if (!text.endsWith("\n")) {
    // A number that was cut off would be read as another number.
    const { line } = rows.at(-1) ?? header;
    const fault = "the line has no end, so the file is cut off";
    throw new Error(`${path}, line ${line}: ${fault}; ${remedy}`);
  }
  const columns = header.cells;
  for (const { line, cells } of rows) {
    if (cells.length !== columns.length) {
      const counts = `${cells.length} cells where the header has ${columns.length}`;
      throw new Error(`${path}, line ${line}: ${counts}; ${remedy}`);
    }
  }
  return { columns, rows };
}

function unzipped(path: string, bytes: Uint8Array, remedy: string): string {
  try {
    return Buffer.from(gunzipSync(bytes, { maxOutputLength: LONGEST_TEXT })).toString("utf8");
  } catch (error) {
    throw new Error(`${path}: not a gzip file (${messageOf(error)}); ${remedy}`, { cause: error });
  }
}

function parseCsv(path: string, text: string, remedy: string): CsvRow[] {
  const options = { bom: true, info: true, relaxColumnCount: true, skipEmptyLines: true };
  try {
    const records = parse(text, options) as unknown as {
      readonly info: { readonly lines: number };
      readonly record: string[];
    }[];
    return records.map(({ info, record }) => ({ line: info.lines, cells: record.map(asBefore) }));
  } catch (error) {
    throw new Error(`${path}: not a CSV table (${messageOf(error)}); ${remedy}`, { cause: error });
  }
}
