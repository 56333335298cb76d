/**
 * Damages and edits the files of runs (results, networks, decoded pictures, checkpoints), one at a
 * time, and tests how their readers react. Each mutation must end in a clear error, or in the same
 * figures as before, or change a value that no reader can doubt, which is then named.
 *
 * `deno run -A tests/by_hand/mutations.ts [COUNT [SEED]]` prints a summary, and exits with 1 if any
 * ended otherwise. The summary of 500 mutations is kept, formatted, in `mutations.md`.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { createHash } from "node:crypto";
import { startBackend, stopBackend } from "../../src/backend/start_backend.ts";
import { encodeIndex } from "../../src/data/pixel_file.ts";
import { filesBelow } from "../../src/files/path_kind.ts";
import { randomStream } from "../../src/random.ts";
import { changedFields, damaged, type Format } from "./damage.ts";
import { type Failure, ReaderProcess } from "./reader_process.ts";
import type { Answer } from "./readers.ts";
import { CACHE, CONTINUED, makeRuns, MODEL, RESULTS } from "./tiny_run.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A file, or a part of it, to be changed. */
interface Target {
  readonly name: string;
  readonly reader: string;
  /** The end of its path. */
  readonly file: string;
  readonly format: Format;
  /** Values whose change no reader can detect if the rest agrees with them. */
  readonly beyondDoubt: readonly string[];
  /** The part to change, if it is not the whole file. */
  readonly partOf?: (file: Bytes) => Bytes;
  /** The file with another part and the matching digest. */
  readonly withPart?: (file: Bytes, part: Bytes) => Bytes;
}

/** Bytes after the index of decoded pictures: its digest, its length and the format's name. */
const INDEX_TRAILER = 48;
/** Bytes before the header of a checkpoint: the format's name and the header's length. */
const HEADER_START = 12;
const DIGEST = 32;

const RUN = "bcena/seed-1";

const TARGETS: readonly Target[] = [
  {
    name: "config.json",
    reader: RESULTS,
    file: `${RESULTS}/${RUN}/config.json`,
    format: "json",
    beyondDoubt: [
      ...["title", "loss.*", "naTarget", "trainingGroups.*", "network.*", "start.*"],
      ...["dataset.name", "dataset.categoryNames.*", "dataset.counts.train.*"],
      ...["dataset.leftOut.*", "dataset.substitution", "profile.*", "definitions.*"],
      ...["backend.*", "versions.*", "machine.*", "time.*"],
    ],
  },
  {
    name: "history.csv",
    reader: RESULTS,
    file: `${RESULTS}/${RUN}/history.csv`,
    format: "csv",
    beyondDoubt: [
      ...["train_loss", "valid_loss", "accuracy", "accuracy_without_na", "accuracy_with_na"],
      "seconds",
    ],
  },
  {
    name: "predictions.csv",
    reader: RESULTS,
    file: `${RESULTS}/${RUN}/predictions.csv`,
    format: "csv",
    beyondDoubt: [],
  },
  {
    name: "fitted_scores.csv",
    reader: RESULTS,
    file: `${RESULTS}/${RUN}/fitted_scores.csv`,
    format: "csv",
    beyondDoubt: [],
  },
  {
    name: "model.json",
    reader: MODEL,
    file: `${MODEL}/model/model.json`,
    format: "json",
    beyondDoubt: [
      "userDefinedMetadata.labels.*",
      "userDefinedMetadata.categoryNames.*",
      "userDefinedMetadata.activation",
      "userDefinedMetadata.decision",
    ],
  },
  {
    name: "weights.bin",
    reader: MODEL,
    file: `${MODEL}/model/weights.bin`,
    format: "binary",
    beyondDoubt: [],
  },
  { name: "decoded pictures", reader: CACHE, file: ".pixels", format: "binary", beyondDoubt: [] },
  {
    name: "decoded pictures, index with its digest",
    reader: CACHE,
    file: ".pixels",
    format: "json",
    beyondDoubt: ["pictures.*.width", "pictures.*.height"],
    partOf: (file) => file.slice(indexStart(file), file.length - INDEX_TRAILER),
    withPart: (file, part) => joined(file.slice(0, indexStart(file)), sealedIndex(part)),
  },
  {
    name: "checkpoint.bin",
    reader: CONTINUED,
    file: "checkpoint.bin",
    format: "binary",
    beyondDoubt: [],
  },
  {
    name: "checkpoint.bin, header with its digest",
    reader: CONTINUED,
    file: "checkpoint.bin",
    format: "json",
    beyondDoubt: [
      ...["state.batch", "state.epochSeconds", "state.smoothedLoss.*", "state.adamSteps"],
      "tensors.*.name",
    ],
    partOf: (file) => file.slice(HEADER_START, headerEnd(file)),
    withPart: (file, json) => {
      const part = new Uint8Array(Math.ceil(json.length / 4) * 4).fill(" ".charCodeAt(0));
      part.set(json);
      const length = new Uint8Array(Uint32Array.of(part.length).buffer);
      const tensors = file.slice(headerEnd(file), file.length - DIGEST);
      const content = joined(file.slice(0, 8), length, part, tensors);
      return joined(content, Uint8Array.from(createHash("sha256").update(content).digest()));
    },
  },
];

/** Possible outcomes of a mutation; the last four are faults. */
const ENDS = [
  "clear error",
  "same figures",
  "beyond doubt",
  "silently wrong",
  "unclear error",
  "hang or crash",
  "too much memory",
] as const;

interface Outcome {
  readonly target: Target;
  readonly what: string;
  readonly end: typeof ENDS[number];
  readonly detail: string;
}

const isFault = ({ end }: Outcome) => ENDS.indexOf(end) >= 3;

const [count = 500, seed = 1] = Deno.args.map(Number);
const folder = await Deno.makeTempDir();
try {
  const outcomes = await mutations(count, seed);
  const summary = summaryOf(outcomes, seed);
  console.log(summary);
  if (count >= 500) {
    await Deno.writeTextFile(fromFileUrl(new URL("./mutations.md", import.meta.url)), summary);
  }
  if (outcomes.some(isFault)) Deno.exitCode = 1;
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function mutations(count: number, seed: number): Promise<Outcome[]> {
  const whole = join(folder, "whole");
  await makeRuns(whole, await startBackend("simd", 1));
  await stopBackend();
  const paths = await filesBelow(whole);
  const asked = join(folder, "asked");
  const expected = new Map<string, string>();
  const outcomes: Outcome[] = [];
  await using readers = new ReaderProcess();
  for (const reader of new Set(TARGETS.map(({ reader }) => reader))) {
    await linkAll(whole, asked);
    const answer = await readers.ask(reader, asked);
    if (!("figures" in answer)) throw new Error(`${reader}, undamaged: ${JSON.stringify(answer)}`);
    expected.set(reader, answer.figures);
  }
  for (let i = 0; i < count; i++) {
    const target = TARGETS[i % TARGETS.length]!;
    const random = randomStream("mutation", seed, i);
    await linkAll(whole, asked);
    const path = join(asked, paths.find((path) => path.endsWith(target.file))!);
    const file = await Deno.readFile(path);
    const { partOf = (file) => file, withPart = (_, part) => part } = target;
    const part = partOf(file);
    const { what, bytes } = damaged(target.format, part, random);
    await Deno.remove(path); // and not written into, for it is a link
    await Deno.writeFile(path, withPart(file, bytes));
    const answer = await readers.ask(target.reader, asked);
    const changed = changedFields(target.format, part, bytes);
    const [end, detail] = endOf(answer, expected.get(target.reader)!, target, path, changed);
    outcomes.push({ target, what, end, detail });
    console.error(`${i + 1}/${count} ${target.name}: ${what}: ${end} ${detail}`);
  }
  return outcomes;
}

function endOf(
  answer: Answer | Failure,
  expected: string,
  { beyondDoubt }: Target,
  path: string,
  changed: readonly string[] | undefined,
): [end: Outcome["end"], detail: string] {
  if ("failure" in answer) return [answer.failure, ""];
  if ("error" in answer) {
    const { error, kind } = answer;
    const isClear = !/\n/.test(error) && error.includes(dirname(path)) &&
      !/^(Type|Range|Syntax|Reference)Error$|no error/.test(kind);
    return [isClear ? "clear error" : "unclear error", `${kind}: ${error.replace(folder, "")}`];
  }
  if (answer.figures === expected) return ["same figures", ""];
  const fields = changed ?? ["some bytes"];
  const isBeyond = (field: string) =>
    beyondDoubt.some((one) =>
      one.endsWith(".*") ? `${field}.`.startsWith(one.slice(0, -1)) : field === one
    );
  return [fields.every(isBeyond) ? "beyond doubt" : "silently wrong", fields.join(", ")];
}

/** Makes the same files again as links, without copying their bytes. */
async function linkAll(from: string, to: string): Promise<void> {
  await Deno.remove(to, { recursive: true }).catch(() => {});
  for (const path of await filesBelow(from)) {
    await Deno.mkdir(dirname(join(to, path)), { recursive: true });
    await Deno.link(join(from, path), join(to, path));
  }
}

function summaryOf(outcomes: readonly Outcome[], seed: number): string {
  const row = (name: string, of: readonly Outcome[]) =>
    `| ${name} | ${
      [of.length, ...ENDS.map((end) => of.filter((one) => one.end === end).length)].join(" | ")
    } |`;
  const beyond = new Map<string, Set<string>>();
  for (const { target, end, detail } of outcomes) {
    if (end !== "beyond doubt") continue;
    const fields = beyond.get(target.name) ?? new Set();
    beyond.set(target.name, fields);
    for (const field of detail.split(", ")) fields.add(field);
  }
  return [
    `# ${outcomes.length} mutations, seed ${seed}`,
    "",
    "Written by `deno run -A tests/by_hand/mutations.ts`.",
    "",
    `| file | mutations | ${ENDS.join(" | ")} |`,
    `| --- | ${ENDS.map(() => "---: | ").join("")}---: |`,
    ...TARGETS.map((target) =>
      row(target.name, outcomes.filter((outcome) => outcome.target === target))
    ),
    row("all", outcomes),
    "",
    "Beyond doubt, because nothing else in a run's files says what these values were:",
    "",
    ...[...beyond].map(([name, fields]) => `- ${name}: ${[...fields].sort().join(", ")}`),
    "",
    ...outcomes.filter(isFault).map(({ target, what, end, detail }) =>
      `- **${end}**: ${target.name}, ${what}: ${detail}`
    ),
  ].join("\n").trimEnd() + "\n";
}

function joined(...pieces: readonly Uint8Array[]): Bytes {
  return new Uint8Array(pieces.flatMap((piece) => [...piece]));
}

function indexStart(file: Bytes): number {
  const view = new DataView(file.buffer);
  return file.length - INDEX_TRAILER - Number(view.getBigUint64(file.length - 16, true));
}

/** Seals bytes like `encodeIndex`, whether they are an index or not. */
function sealedIndex(json: Bytes): Bytes {
  const [empty] = [encodeIndex({ size: 1, pictures: [] })];
  const trailer = empty.slice(empty.length - INDEX_TRAILER);
  trailer.set(createHash("sha256").update(json).digest());
  new DataView(trailer.buffer).setBigUint64(DIGEST, BigInt(json.length), true);
  return joined(json, trailer);
}

function headerEnd(file: Bytes): number {
  return HEADER_START + new DataView(file.buffer).getUint32(8, true);
}
