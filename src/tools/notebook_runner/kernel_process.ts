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
  /** Chooses the ports, given some that are free; by default these. */
  readonly choosePorts?: (free: Ports) => Ports;
}

const PORT_NAMES = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const;

/** Where the kernel listens on this machine, by channel. */
export type Ports = Readonly<Record<typeof PORT_NAMES[number], number>>;

/** How a kernel and its client find and trust each other; its file is gone when this is disposed of. */
export interface Connection extends AsyncDisposable {
  readonly ports: Ports;
  /** Signs all messages; known only to this process, the kernel and the file. */
  readonly key: string;
  /** Tells the kernel ports and key while it starts; only its owner can read it. */
  readonly file: string;
}

/**
 * Chooses ports and a key, and writes the file.
 *
 * The ports are free when they are chosen. Should another program take one before the kernel does,
 * the kernel ends and its last words have `AddrInUse`.
 */
export async function writeConnection(
  choosePorts: KernelOptions["choosePorts"] = (free) => free,
): Promise<Connection> {
  const ports = choosePorts(freePorts());
  const key = crypto.randomUUID();
  const folder = await Deno.makeTempDir({ prefix: "kernel-" });
  const file = join(folder, "connection.json");
  const content = {
    ...ports,
    key,
    ip: "127.0.0.1",
    transport: "tcp",
    signature_scheme: "hmac-sha256",
  };
  await Deno.writeTextFile(file, JSON.stringify(content), { createNew: true, mode: 0o600 });
  const remove = () => Deno.remove(folder, { recursive: true });
  return { ports, key, file, [Symbol.asyncDispose]: remove };
}

/** Characters kept of what the process itself prints. */
const KEPT_CHARACTERS = 2000;

/** For the last words of a process that has ended; a child of its own may hold the pipe open. */
const LAST_WORDS_MILLISECONDS = 1000;

/** A kernel's process, which starts when this is made. */
export class KernelProcess {
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<Deno.CommandStatus>;
  readonly #process: Deno.ChildProcess;
  readonly #drained: Promise<unknown>;
  #printed = "";

  constructor({ file }: Connection, { folder, environment }: KernelOptions) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["jupyter", "--quiet", "--kernel", "--conn", file],
      cwd: folder,
      env: { ...kernelspec.env, ...environment },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      // A group of its own: Ctrl-C in a terminal does not reach it, and it can be ended as a whole.
      detached: true,
    }).spawn();
    const { stdout, stderr, status } = this.#process;
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
    const { pid } = this.#process;
    try {
      Deno.kill(Deno.build.os === "windows" ? pid : -pid, "SIGKILL");
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
function freePorts(): Ports {
  using listeners = new DisposableStack();
  const ports = PORT_NAMES.map((name) => {
    const { addr } = listeners.use(Deno.listen({ hostname: "127.0.0.1", port: 0 }));
    return [name, addr.port] as const;
  });
  return Object.fromEntries(ports) as Ports;
}
