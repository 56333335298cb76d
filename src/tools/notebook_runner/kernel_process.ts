/**
 * The process of Deno's Jupyter kernel, started the way Jupyter starts it.
 *
 * @module
 */
import { dirname, join } from "@std/path";
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

/** Characters kept of what the process itself prints. */
const KEPT_CHARACTERS = 2000;

/** For the last words of a process that has ended; a child of its own may hold the pipe open. */
const LAST_WORDS_MILLISECONDS = 1000;

/** A kernel process with ports and a key of its own. */
export class KernelProcess {
  readonly ports: Ports;
  /** Signs all messages; known only to this process, the kernel and the connection file. */
  readonly key: string;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<Deno.CommandStatus>;
  /** Tells the kernel ports and key; only its owner can read it. */
  readonly connectionFile: string;
  readonly #process: Deno.ChildProcess;
  readonly #drained: Promise<unknown>;
  #printed = "";

  private constructor(
    ports: Ports,
    key: string,
    connectionFile: string,
    process: Deno.ChildProcess,
  ) {
    this.ports = ports;
    this.key = key;
    this.connectionFile = connectionFile;
    this.#process = process;
    this.#drained = Promise.all([process.stdout, process.stderr].map((pipe) => this.#drain(pipe)));
    this.ended = process.status;
  }

  /**
   * Starts the process.
   *
   * The ports are free when they are chosen. Should another program take one before the kernel
   * does, the kernel ends and its last words have `AddrInUse`.
   */
  static async spawn(options: KernelOptions): Promise<KernelProcess> {
    const free = freePorts();
    const ports = options.choosePorts?.(free) ?? free;
    const key = crypto.randomUUID();
    const connectionFile = await writeConnectionFile(ports, key);
    try {
      const process = new Deno.Command(Deno.execPath(), {
        args: ["jupyter", "--quiet", "--kernel", "--conn", connectionFile],
        cwd: options.folder,
        env: { ...kernelspec.env, ...options.environment },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
        // A group of its own: Ctrl-C in a terminal does not reach it, and it can be ended as a whole.
        detached: true,
      }).spawn();
      return new KernelProcess(ports, key, connectionFile, process);
    } catch (error) {
      await removeConnectionFile(connectionFile);
      throw error;
    }
  }

  /** Removes the connection file, which the kernel reads only while it starts. */
  async removeConnectionFile(): Promise<void> {
    await removeConnectionFile(this.connectionFile);
  }

  /** What an ended process printed last, without colours. */
  async lastWords(): Promise<string> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LAST_WORDS_MILLISECONDS);
    await Promise.race([this.#drained, late]);
    clearTimeout(timer);
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

/** Ports that nothing listens on, all different: each is held until all are chosen. */
function freePorts(): Ports {
  const listeners = PORT_NAMES.map((name) => ({
    name,
    listener: Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  }));
  const ports = listeners.map(({ name, listener }) => [name, listener.addr.port] as const);
  for (const { listener } of listeners) listener.close();
  return Object.fromEntries(ports) as Ports;
}

/** Writes what the kernel has to know into a folder and file that only their owner can read. */
async function writeConnectionFile(ports: Ports, key: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "kernel-" });
  const file = join(folder, "connection.json");
  const connection = {
    ...ports,
    key,
    ip: "127.0.0.1",
    transport: "tcp",
    signature_scheme: "hmac-sha256",
  };
  await Deno.writeTextFile(file, JSON.stringify(connection), { createNew: true, mode: 0o600 });
  return file;
}

async function removeConnectionFile(file: string): Promise<void> {
  await Deno.remove(dirname(file), { recursive: true });
}
