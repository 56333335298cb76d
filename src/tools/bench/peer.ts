/**
 * PyTorch as a program to be timed in turn with the engine.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

/** What the peer can be asked to do. */
export type PeerStep = "train" | "evaluate";

/** A running PyTorch, waiting to be asked for a step. */
export type Peer = NonNullable<Awaited<ReturnType<typeof startPeer>>>;

const PROGRAM = fromFileUrl(new URL("./pytorch_step.py", import.meta.url));

/**
 * Starts PyTorch with the same network, pictures and threads, in the first of some Python
 * interpreters that has it, if one has.
 */
export async function startPeer(
  pythons: readonly string[],
  threads: number,
  batchSize: number,
  size: number,
) {
  for (const python of pythons) {
    let process: Deno.ChildProcess;
    try {
      process = new Deno.Command(python, {
        args: [PROGRAM, threads, batchSize, size].map(String),
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      throw error;
    }
    const requests = process.stdin.getWriter();
    const lines = createInterface({ input: Readable.from(process.stdout) });
    const answers = lines[Symbol.asyncIterator]();
    const stop = async () => {
      // A process without PyTorch has ended by itself.
      await requests.close().catch(() => {});
      await process.status;
    };
    const { value: version } = await answers.next();
    if (version === undefined) {
      await stop();
      continue;
    }
    const step = async (kind: PeerStep) => {
      await requests.write(new TextEncoder().encode(`${kind}\n`));
      const { value } = await answers.next();
      const seconds = Number(value);
      if (!(seconds > 0)) throw new Error(`${python} ${PROGRAM}: ended, or printed "${value}"`);
      return seconds;
    };
    return {
      /** PyTorch's version. */
      version,
      /** Runs one step; returns its seconds, as PyTorch's process measures them. */
      step,
      /** Ends the process. */
      stop,
    };
  }
  return undefined;
}
