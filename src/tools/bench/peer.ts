/**
 * PyTorch as a separate program, timed in turn with the engine.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

/** The kind of step to time. */
export type StepKind = "train" | "evaluate";

/** A Python interpreter with PyTorch. */
export interface PyTorch {
  readonly python: string;
  /** PyTorch's version. */
  readonly version: string;
}

/** The task of PyTorch, the same as our engine's. */
export interface PeerTask {
  readonly threads: number;
  readonly batchSize: number;
  /** Side of the pictures in pixels. */
  readonly size: number;
}

/** A running PyTorch process that waits for requests. */
export interface Peer extends AsyncDisposable {
  /** The setting, in the notation of `pytorch_step.py`. */
  readonly setting: string;
  /**
   * Runs one step; returns its seconds, measured by PyTorch's process.
   *
   * @throws {Error} with PyTorch's reason, if it fails
   */
  step(kind: StepKind): Promise<number>;
}

const PROGRAM = fromFileUrl(new URL("./pytorch_step.py", import.meta.url));
const VERSION = "import torch; print(torch.__version__)";

/** The first of some Python interpreters that this program may start and that has PyTorch. */
export async function findPyTorch(pythons: readonly string[]): Promise<PyTorch | undefined> {
  for (const python of pythons) {
    try {
      const { success, stdout } = await new Deno.Command(python, {
        args: ["-c", VERSION],
        stdin: "null",
        stderr: "null",
      }).output();
      if (success) return { python, version: new TextDecoder().decode(stdout).trim() };
    } catch (error) {
      const { NotCapable, NotFound } = Deno.errors;
      if (!(error instanceof NotFound || error instanceof NotCapable)) throw error;
    }
  }
  return undefined;
}

/** Starts PyTorch with the same network, pictures and threads; disposing ends its process. */
export function startPeer(
  { python }: PyTorch,
  setting: string,
  { threads, batchSize, size }: PeerTask,
): Peer {
  const process = new Deno.Command(python, {
    args: [PROGRAM, ...[threads, batchSize, size].map(String), setting],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const requests = process.stdin.getWriter();
  const lines = createInterface({ input: Readable.from(process.stdout) });
  const answers = lines[Symbol.asyncIterator]();
  return {
    setting,
    async step(kind) {
      // A process that has ended accepts no request, but may have printed the reason.
      await requests.write(new TextEncoder().encode(`${kind}\n`)).catch(() => {});
      const { value } = await answers.next();
      const seconds = Number(value);
      if (seconds > 0) return seconds;
      throw new Error(value?.replace(/^failed: /, "") ?? "the process ended by itself");
    },
    async [Symbol.asyncDispose]() {
      await requests.close().catch(() => {});
      await process.status;
      // Processes that compile for PyTorch may outlive it and hold its output open.
      lines.close();
    },
  };
}
