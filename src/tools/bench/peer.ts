/**
 * PyTorch as a program to be timed in turn with the engine.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

/** What the peer can be asked to do. */
export type PeerStep = "train" | "evaluate";

/** A running PyTorch, waiting to be asked for a step. */
export interface Peer {
  /** PyTorch's version. */
  readonly version: string;
  /** Runs one step; returns its seconds, as PyTorch's process measures them. */
  step(kind: PeerStep): Promise<number>;
  /** Ends the process. */
  stop(): Promise<void>;
}

const PROGRAM = fromFileUrl(new URL("./pytorch_step.py", import.meta.url));

/**
 * Starts PyTorch with the same network, pictures and threads.
 *
 * @param python the interpreter, for example `python3`
 * @returns undefined if there is no such interpreter, or no PyTorch for it
 */
export async function startPeer(
  python: string,
  threads: number,
  batchSize: number,
  size: number,
): Promise<Peer | undefined> {
  let process: Deno.ChildProcess;
  try {
    process = new Deno.Command(python, {
      args: [PROGRAM, threads, batchSize, size].map(String),
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const requests = process.stdin.getWriter();
  const answers = lines(process.stdout);
  const { value: version } = await answers.next();
  if (version === undefined) {
    await requests.close().catch(() => {});
    await process.status;
    return undefined;
  }
  return {
    version,
    async step(kind) {
      await requests.write(new TextEncoder().encode(`${kind}\n`));
      const { value } = await answers.next();
      const seconds = Number(value);
      if (!(seconds > 0)) throw new Error(`${python} ${PROGRAM}: ended, or printed "${value}"`);
      return seconds;
    },
    async stop() {
      await requests.close();
      await process.status;
    },
  };
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream() as TextDecoding)) {
    const whole = (rest + text).split("\n");
    rest = whole.pop()!;
    yield* whole;
  }
  return undefined;
}

type TextDecoding = ReadableWritablePair<string, Uint8Array>;
