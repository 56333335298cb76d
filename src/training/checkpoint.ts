/**
 * The file from which a stopped training run continues.
 *
 * Layout: the magic bytes, the header's length in bytes (uint32), the header (JSON, padded with
 * spaces to a multiple of 4), the tensors (float32), the SHA-256 of all that. Numbers are little
 * endian.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { messageOf } from "../files/error_message.ts";
import { readPlainFile } from "../files/plain_file.ts";
import { AtomicFile, writeWholeFile } from "../files/whole_file.ts";
import { historyRowSchema } from "./history.ts";

const stateSchema = z.object({
  /** The configuration of the run; a checkpoint fits only a run with the same one. */
  configuration: z.record(z.string(), z.json()),
  /** The epoch to continue with, counted from 0 over all phases. */
  epoch: z.int().min(0),
  /** Number of finished batches of that epoch. */
  batch: z.int().min(0),
  /** Wall time spent on that epoch. */
  epochSeconds: z.number(),
  smoothedLoss: z.object({ count: z.int(), biased: z.number() }),
  /** The finished epochs. */
  history: z.array(historyRowSchema),
  /** Steps of the optimiser since its state was cleared. */
  adamSteps: z.int().min(0),
});

/** The state of a training run, without its tensors. */
export type TrainingState = z.infer<typeof stateSchema>;

/** Settings by name, as JSON values. */
export type Configuration = Readonly<TrainingState["configuration"]>;

/** A training run's state with its tensors. */
export interface Checkpoint {
  readonly state: TrainingState;
  /** Row-major values by name. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

const headerSchema = z.object({
  state: stateSchema,
  tensors: z.array(z.object({ name: z.string(), length: z.int().min(0) })),
});

const MAGIC = new TextEncoder().encode("TRAINING");
const CHECKSUM_BYTES = 32;
/** Above what any network of this project needs. */
const MAX_BYTES = 4e9;

/**
 * Writes the file so that a crash leaves either the old file or the new one.
 *
 * @throws {Error} if the file cannot be written; the message has its path.
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeWholeFile(path, chunksOf(checkpoint));
}

/**
 * Finds out whether the file can be written, without writing it.
 *
 * @param bytes its approximate length
 * @throws {Error} if it cannot be written, or not at that length; the message has its path.
 */
export async function tryCheckpoint(path: string, bytes: number): Promise<void> {
  const probe = await AtomicFile.create(path);
  try {
    await probe.tryLength(bytes);
  } finally {
    await probe.discard();
  }
}

/**
 * Reads the file; `undefined` if there is none.
 *
 * @throws {Error} if the file is damaged or of another kind; the message has its path and the
 *   remedy.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readPlainFile(path, MAX_BYTES);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw damaged(path, `cannot be read (${messageOf(error)})`);
  }
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) throw damaged(path, "not a checkpoint");
  const content = bytes.subarray(0, Math.max(0, bytes.length - CHECKSUM_BYTES));
  const checksum = bytes.subarray(content.length);
  if (!createHash("sha256").update(content).digest().equals(checksum)) {
    throw damaged(path, "damaged: its checksum does not match");
  }
  return parse(content, path);
}

/**
 * Requires that a checkpoint belongs to the run that is about to continue from it.
 *
 * @throws {Error} if it does not; the message has the path and every difference.
 */
export function requireSameConfiguration(
  path: string,
  checkpoint: Configuration,
  run: Configuration,
): void {
  const found = flatten(checkpoint);
  const wanted = flatten(run);
  const differences = [...new Set([...found.keys(), ...wanted.keys()])]
    .filter((key) => found.get(key) !== wanted.get(key))
    .map((key) => `${key} is ${found.get(key)} there and ${wanted.get(key)} here`);
  if (differences.length === 0) return;
  throw new Error(
    `${path}: the checkpoint belongs to another run (${differences.join("; ")}); ` +
      "start it with the same settings, or train anew (--fresh, in a notebook fresh: true)",
  );
}

function* chunksOf({ state, tensors }: Checkpoint): Generator<Uint8Array> {
  const header = { state, tensors: [...tensors].map(([name, { length }]) => ({ name, length })) };
  const unpadded = new TextEncoder().encode(JSON.stringify(header));
  const text = new Uint8Array(Math.ceil(unpadded.length / 4) * 4).fill(" ".charCodeAt(0));
  text.set(unpadded);
  const numbers = [...tensors.values()]
    .map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
  const hash = createHash("sha256");
  for (
    const chunk of [MAGIC, new Uint8Array(Uint32Array.of(text.length).buffer), text, ...numbers]
  ) {
    hash.update(chunk);
    yield chunk;
  }
  yield hash.digest();
}

function parse(content: Uint8Array<ArrayBuffer>, path: string): Checkpoint {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const headerStart = MAGIC.length + Uint32Array.BYTES_PER_ELEMENT;
  const headerLength = content.length < headerStart ? 0 : view.getUint32(MAGIC.length, true);
  const header = parseHeader(content.subarray(headerStart, headerStart + headerLength), path);
  const values = header.tensors.reduce((sum, { length }) => sum + length, 0);
  const start = headerStart + headerLength;
  if (start % 4 !== 0 || start + values * Float32Array.BYTES_PER_ELEMENT !== content.length) {
    throw damaged(path, `not as long as its ${values} values`);
  }
  const tensors = new Map<string, Float32Array>();
  let offset = content.byteOffset + start;
  for (const { name, length } of header.tensors) {
    tensors.set(name, new Float32Array(content.buffer, offset, length));
    offset += length * Float32Array.BYTES_PER_ELEMENT;
  }
  return { state: header.state, tensors };
}

function parseHeader(bytes: Uint8Array, path: string): z.infer<typeof headerSchema> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw damaged(path, `its header is not JSON (${messageOf(error)})`);
  }
  const header = headerSchema.safeParse(value);
  if (header.success) return header.data;
  const problem = z.prettifyError(header.error).replaceAll(/\s*\n\s*/g, " ");
  throw damaged(path, `written by another version (${problem})`);
}

/** An error about a checkpoint that cannot be continued from, with the way out. */
export function damaged(path: string, problem: string): Error {
  return new Error(`${path}: ${problem}; delete it, or train anew with --fresh`);
}

/** Leaves of nested objects by their dotted path, as JSON. */
function flatten(value: unknown, path: readonly string[] = []): Map<string, string> {
  if (typeof value !== "object" || value === null) {
    return new Map([[path.join("."), JSON.stringify(value)]]);
  }
  const entries = Object.entries(value);
  return new Map(entries.flatMap(([key, entry]) => [...flatten(entry, [...path, key])]));
}
