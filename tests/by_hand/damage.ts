/**
 * Random ways to damage or edit a file, and the fields that they change. Pure.
 *
 * @module
 */

/** The format of a file, which determines the possible damage. */
export type Format = "json" | "csv" | "binary";

/** A changed file. */
export interface Damage {
  /** A description of the change, for people. */
  readonly what: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Returns a random number in [0, 1). */
type Random = () => number;

type Bytes = Uint8Array<ArrayBuffer>;

/** Damages a file in one way: any of its bytes or, twice as often, the content of its text. */
export function damaged(format: Format, file: Bytes, random: Random): Damage {
  if (format === "binary" || random() < 1 / 3) return damagedBytes(file, random);
  const text = new TextDecoder().decode(file);
  const { what, text: other } = format === "json"
    ? editedJson(text, random)
    : editedCsv(text, random);
  return { what, bytes: new TextEncoder().encode(other) };
}

/**
 * The fields that differ between two texts: paths into JSON with `*` for list indices, or columns
 * of a table; `rows` or `columns` if some are added, missing or replaced. `undefined` if either
 * text does not have the format.
 */
export function changedFields(format: Format, before: Bytes, after: Bytes): string[] | undefined {
  if (format === "binary") return undefined;
  const [a, b] = [before, after].map((bytes) => new TextDecoder().decode(bytes)) as [
    string,
    string,
  ];
  return format === "json" ? changedInJson(a, b) : changedInCsv(a, b);
}

function damagedBytes(file: Bytes, random: Random): Damage {
  const at = whole(random, file.length);
  const length = 1 + whole(random, Math.min(64, file.length - at));
  const piece = file.slice(at, at + length);
  const joined = (...pieces: Bytes[]) => Uint8Array.from(pieces.flatMap((piece) => [...piece]));
  const [before, after] = [file.slice(0, at), file.slice(at + length)];
  const replaced = (by: Bytes): Bytes => {
    const copy = file.slice();
    copy.set(by, at);
    return copy;
  };
  return oneOf(random, [
    () => ({
      what: `a bit of byte ${at} flipped`,
      bytes: replaced(Uint8Array.of(file[at]! ^ (1 << whole(random, 8)))),
    }),
    () => ({
      what: `${length} bytes from ${at} replaced by others`,
      bytes: replaced(piece.map(() => whole(random, 256))),
    }),
    () => ({ what: `${length} bytes from ${at} zero`, bytes: replaced(piece.fill(0)) }),
    () => ({ what: `cut off at byte ${at}`, bytes: before }),
    () => ({ what: `${length} bytes from ${at} missing`, bytes: joined(before, after) }),
    () => ({
      what: `${length} bytes from ${at} twice`,
      bytes: joined(before, piece, piece, after),
    }),
    () => ({ what: `${length} bytes more at the end`, bytes: joined(file, piece) }),
    () => ({ what: "empty", bytes: new Uint8Array() }),
  ])();
}

/** Values that a reader may not expect; `undefined` means a missing value. */
const STRANGE: readonly unknown[] = [
  ...[undefined, null, "", "x", "__proto__", -1, 0, 0.5, 1, 2, 1e9, 1e300, true, false],
  ...[[], {}, [1], { x: 1 }, "../../x", "NaN"],
];

function editedJson(text: string, random: Random): { what: string; text: string } {
  const root = JSON.parse(text);
  const places: { holder: Record<string, unknown>; key: string; path: string }[] = [];
  const visit = (holder: Record<string, unknown>, path: string) => {
    for (const [key, value] of Object.entries(holder)) {
      const place = path === "" ? key : `${path}.${key}`;
      places.push({ holder, key, path: place });
      if (typeof value === "object" && value !== null) {
        visit(value as Record<string, unknown>, place);
      }
    }
  };
  visit(root, "");
  const { holder, key, path } = pick(random, places);
  const old = holder[key];
  const set = (value: unknown) => {
    if (value !== undefined) holder[key] = value;
    else if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
    return `${path} from ${shown(old)} to ${shown(value)}`;
  };
  const what = oneOf(random, [
    () => set(pick(random, STRANGE)),
    () => set(nearby(old, random)),
    () =>
      set(pick(
        random,
        places.filter((place) => typeof place.holder[place.key] === typeof old)
          .map((place) => place.holder[place.key]),
      )),
    () => {
      if (Array.isArray(holder)) holder.push(old);
      else holder[`${key}2`] = old;
      return `${path} a second time`;
    },
  ])();
  return { what, text: JSON.stringify(root) };
}

function editedCsv(text: string, random: Random): { what: string; text: string } {
  const rows = text.trimEnd().split("\n").map((line) => line.split(","));
  const row = rows.length < 2 ? 0 : 1 + whole(random, rows.length - 1);
  const column = whole(random, rows[0]!.length);
  const other = Math.min(rows.length - 1, 1 + whole(random, rows.length - 1));
  const title = rows[0]![column]!;
  const cell = (value: string) => {
    const old = rows[row]![column];
    rows[row]![column] = value;
    return `line ${row + 1}, ${title} from ${shown(old)} to ${shown(value)}`;
  };
  const what = oneOf(random, [
    () => cell(pick(random, ["", "x", "-1", "NaN", "1e999", "Infinity", "0.5", "1", "7", "1e9"])),
    () => {
      const old = rows[row]![column]!;
      return cell(String(nearby(Number.isNaN(Number(old)) ? old : Number(old), random)));
    },
    () => cell(rows[other]![column] ?? ""),
    () => {
      rows.splice(row, 1);
      return `line ${row + 1} missing`;
    },
    () => {
      rows.splice(row, 0, rows[row]!);
      return `line ${row + 1} twice`;
    },
    () => {
      [rows[row], rows[other]] = [rows[other]!, rows[row]!];
      return `lines ${row + 1} and ${other + 1} in each other's place`;
    },
    () => {
      for (const cells of rows) cells.splice(column, 1);
      return `column ${title} missing`;
    },
    () => {
      rows[0]![column] = `${title}x`;
      return `column ${title} with another title`;
    },
  ])();
  return { what, text: rows.map((cells) => cells.join(",")).join("\n") + "\n" };
}

/** A value of the same type, close to the given one. */
function nearby(value: unknown, random: Random): unknown {
  if (typeof value === "number") {
    return pick(random, [value + 1, value - 1, value * 1.01, value * 2, -value]);
  }
  if (typeof value === "boolean") return !value;
  if (typeof value !== "string") return null;
  const at = whole(random, value.length + 1);
  return value.slice(0, at) + "e" + value.slice(at + 1);
}

function changedInJson(before: string, after: string): string[] | undefined {
  try {
    const [a, b] = [leaves(JSON.parse(before)), leaves(JSON.parse(after))];
    const changed = [...new Set([...a.keys(), ...b.keys()])].filter((key) =>
      a.get(key) !== b.get(key)
    );
    return [...new Set(changed.map((path) => path.replaceAll(/\.\d+(?=\.|$)/g, ".*")))];
  } catch {
    return undefined;
  }
}

/** Values by their path. */
function leaves(value: unknown, path = ""): Map<string, string> {
  if (typeof value !== "object" || value === null) return new Map([[path, JSON.stringify(value)]]);
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [
      ...leaves(inner, path === "" ? key : `${path}.${key}`),
    ]),
  );
}

function changedInCsv(before: string, after: string): string[] {
  const [a, b] = [before, after].map((text) =>
    text.trimEnd().split("\n").map((line) => line.split(","))
  ) as [string[][], string[][]];
  if (a[0]!.join() !== b[0]!.join()) return ["columns"];
  if (a.length !== b.length) return ["rows"];
  const columns = a[0]!.filter((_, column) => a.some((row, i) => row[column] !== b[i]![column]));
  return columns.map((title) => title.replace(/^logit:.*/, "logit:*"));
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

function whole(random: Random, below: number): number {
  return Math.floor(random() * below);
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[whole(random, values.length)]!;
}

function oneOf<T>(random: Random, ways: readonly (() => T)[]): () => T {
  return pick(random, ways);
}
