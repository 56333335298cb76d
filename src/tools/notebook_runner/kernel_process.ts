/**
 * The process of Deno's Jupyter kernel, started the way Jupyter starts it.
 *
 * @module
 */
import { join } from "@std/path";
import { stripVTControlCharacters } from "node:util";
import kernelspec from "../../notebooks/jupyter/kernels/deno/kernel.json" with { type: "json" };

/** How a kernel is to be started. */
export interface KernelOptions {
  /** The kernel's working directory: relative imports in cells start there. */
  readonly folder: string;
  /** Environment variables besides those of this process and of the kernelspec. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** How a kernel and its client find and trust each other; its file is gone when this is disposed of. */
export type Connection = Awaited<ReturnType<typeof writeConnection>>;

/**
 * Chooses ports and a key, and writes the file.
 *
 * The ports are free when they are chosen. Should another program take one before the kernel does,
 * the kernel ends and its last words have `AddrInUse`.
 */
export async function writeConnection() {
  const ports = freePorts();
  const key = crypto.randomUUID();
  const folder = await Deno.makeTempDir({ prefix: "kernel-" });
  const file = join(folder, "connection.json");
  const address = { ip: "127.0.0.1", transport: "tcp", ...ports };
  const content = { ...address, key, signature_scheme: "hmac-sha256" };
  await Deno.writeTextFile(file, JSON.stringify(content), { createNew: true, mode: 0o600 });
  return {
    /** Where the kernel listens on this machine, by channel. */
    ports,
    /** Signs all messages; known only to this process, the kernel and the file. */
    key,
    /** Tells the kernel ports and key while it starts; only its owner can read it. */
    file,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Characters kept of what the process itself prints. */
const KEPT_CHARACTERS = 2000;

/** For the last words of a process that has ended; a child of its own may hold the pipe open. */
const LAST_WORDS_MILLISECONDS = 1000;

/** A kernel's process, which starts when this is made. */
export class KernelProcess {
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<Deno.CommandStatus>;
  readonly #pid: number;
  readonly #drained: Promise<unknown>;
  #printed = "";

  constructor({ file }: Connection, { folder, environment }: KernelOptions) {
    const { pid, stdout, stderr, status } = new Deno.Command(Deno.execPath(), {
      args: ["jupyter", "--quiet", "--kernel", "--conn", file],
      cwd: folder,
      env: { ...kernelspec.env, ...environment },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      // A group of its own: Ctrl-C in a terminal does not reach it, and it can be ended as a whole.
      detached: true,
    }).spawn();
    this.#pid = pid;
    this.#drained = Promise.all([stdout, stderr].map((pipe) => this.#drain(pipe)));
    this.ended = status;
  }

  /** What an ended process printed last, without colours. */
  async lastWords(): Promise<string> {
    await atMost(LAST_WORDS_MILLISECONDS, this.#drained);
    return stripVTControlCharacters(this.#printed).trim();
  }

  /** Ends the process, and those that cells have started, at once; may be called when it ended. */
  kill(): void {
    try {
      Deno.kill(Deno.build.os === "windows" ? this.#pid : -this.#pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async #drain(pipe: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of pipe.pipeThrough(new TextDecoderStream())) {
      this.#printed = (this.#printed + text).slice(-KEPT_CHARACTERS);
    }
  }
}

/** Waits for the first of some promises, but no longer than so many milliseconds. */
export async function atMost(milliseconds: number, ...promises: Promise<unknown>[]): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  try {
    await Promise.race([over, ...promises]);
  } finally {
    clearTimeout(timer);
  }
}

/** Ports that nothing listens on, all different: each is held until all are chosen. */
function freePorts() {
  using listeners = new DisposableStack();
  const freePort = () => listeners.use(Deno.listen({ hostname: "127.0.0.1", port: 0 })).addr.port;
  return {
    shell_port: freePort(),
    iopub_port: freePort(),
    stdin_port: freePort(),
    control_port: freePort(),
    hb_port: freePort(),
  };
}
