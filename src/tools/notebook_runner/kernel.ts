/**
 * A Jupyter kernel that executes code and returns exactly the outputs of that code.
 *
 * Deno's kernel may report `idle` before it has broadcast all outputs of a cell. Therefore each
 * execution is followed by a silent one that broadcasts a marker: everything that arrives before
 * the marker belongs to the cell.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import kernelspec from "../../notebooks/jupyter/kernels/deno/kernel.json" with { type: "json" };
import { type Connection, writeConnection } from "./connection.ts";
import { decodeMessage, encodeRequest, type Message } from "./jupyter_message.ts";
import { type SocketType, ZmtpConnection } from "./zmtp.ts";

/** Options for starting a kernel. */
export interface KernelOptions {
  /** The kernel's working directory: relative imports in cells start there. */
  readonly folder: string;
  /** Environment variables, in addition to those of this process and of the kernelspec. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The result of executing code. */
export interface Execution {
  readonly reply: z.infer<typeof replySchema>;
  /** All broadcasts since the previous execution, in order. */
  readonly broadcasts: readonly Message[];
}

/** Schema of the content of an error. */
export const errorContent = z.object({
  ename: z.string(),
  evalue: z.string(),
  traceback: z.array(z.string()),
});

const replySchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("ok") }),
  errorContent.extend({ status: z.literal("error") }),
]);

const START_SECONDS = 60;
const START_ATTEMPTS = 5;
const POLL_MILLISECONDS = 20;

/** Number of characters kept of the process's own output. */
const KEPT_CHARACTERS = 2000;

/** Time to wait for the last output of an ended process, because a child may keep the pipe open. */
const LAST_WORDS_MILLISECONDS = 1000;

/** Time to wait for the first marker before sending it again. */
const MARKER_MILLISECONDS = 500;
const MARKER = "end_of_execution";

/**
 * Executed first. Makes a kernel whose parent is gone end itself, and broadcasts errors that
 * nothing caught or awaited like any other; Deno's kernel would ignore them, or hang.
 */
const SETUP = `{
  setInterval(() => Deno.ppid === ${Deno.pid} || Deno.exit(1), 1000);
  const report = (event, error) => {
    event.preventDefault();
    const { name, message, stack } = error instanceof Error ? error : new Error(error);
    const traceback = String(stack).split("\\n");
    Deno.jupyter.broadcast("error", { ename: name, evalue: message, traceback });
  };
  addEventListener("unhandledrejection", (event) => report(event, event.reason));
  addEventListener("error", (event) => report(event, event.error));
}`;

/** A running kernel; it ends with its scope (`await using`), and with this process. */
export class Kernel implements AsyncDisposable {
  readonly #connection: Connection;
  readonly #process: Deno.ChildProcess;
  /** Resolves when {@linkcode Kernel.#printed} is complete. */
  readonly #drained: Promise<unknown>;
  /** The end of the process's output. */
  #printed = "";
  /** Rejects when the kernel has ended for any reason; never resolves. */
  readonly #end: Promise<never>;
  /** Ends the connections when the kernel has ended. */
  readonly #disconnect = new AbortController();
  #shell: ZmtpConnection | undefined;
  /** Broadcasts since the last marker. */
  #broadcasts: Message[] = [];
  #onMarker: (marker: unknown) => void = () => {};
  #stopReason: Error | undefined;

  private constructor(connection: Connection, options: KernelOptions, signal?: AbortSignal) {
    this.#connection = connection;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["jupyter", "--quiet", "--kernel", "--conn", connection.file],
      cwd: options.folder,
      env: { ...kernelspec.env, ...options.environment },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      // Its own process group: Ctrl-C in a terminal does not reach it, and it can be ended whole.
      detached: true,
    }).spawn();
    const { stdout, stderr, status } = this.#process;
    this.#drained = Promise.all([stdout, stderr].map((pipe) => this.#drain(pipe)));
    const abort = () => this.stop(signal?.reason);
    signal?.addEventListener("abort", abort);
    this.#end = status.then(async ({ signal: killedBy, code }) => {
      signal?.removeEventListener("abort", abort);
      this.#disconnect.abort();
      if (this.#stopReason) throw this.#stopReason;
      const lastWords = await this.#lastWords();
      const death = `the kernel died (${killedBy ?? `exit code ${code}`})`;
      throw new Error(lastWords === "" ? death : `${death}:\n${lastWords}`);
    });
    this.#end.catch(() => {});
  }

  /**
   * Starts a kernel and waits until it answers.
   *
   * @param signal ends it, now or later, with the signal's reason
   * @throws {Error} if it ends instead, or does not answer
   */
  static async start(options: KernelOptions, signal?: AbortSignal): Promise<Kernel> {
    for (let attempt = 1;; attempt++) {
      await using connection = await writeConnection();
      const kernel = new Kernel(connection, options, signal);
      try {
        signal?.throwIfAborted();
        await kernel.#connect();
        return kernel;
      } catch (error) {
        await kernel.stop();
        const portTaken = (await kernel.#lastWords()).includes("AddrInUse");
        if (!portTaken || attempt === START_ATTEMPTS) throw error;
      }
    }
  }

  /**
   * Executes one cell's code. Must not be called again before it has returned.
   *
   * @throws {Error} if the kernel ends before the code does: the reason of {@linkcode stop} or of
   *   the signal, or how the kernel died
   */
  async execute(code: string): Promise<Execution> {
    const reply = await this.#request(code, { silent: false });
    const marker = crypto.randomUUID();
    const broadcasts = this.#untilMarker(marker);
    await this.#request(markerCode(marker), { silent: true });
    return { reply, broadcasts: await Promise.race([broadcasts, this.#end]) };
  }

  /**
   * Ends the kernel and all processes started by cells at once; may be called twice.
   *
   * @param reason the error that a waiting {@linkcode execute} throws
   */
  async stop(reason?: Error): Promise<void> {
    this.#stopReason ??= reason;
    const { pid } = this.#process;
    try {
      Deno.kill(Deno.build.os === "windows" ? pid : -pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    await this.#end.catch(() => {});
  }

  /** Ends the kernel after this time, with the reason, unless the result is disposed of before. */
  stopAfter(seconds: number, reason: string): Disposable {
    const timer = setTimeout(() => this.stop(new Error(reason)), seconds * 1000);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #drain(pipe: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of pipe.pipeThrough(new TextDecoderStream())) {
      this.#printed = (this.#printed + text).slice(-KEPT_CHARACTERS);
    }
  }

  /** The end of the ended process's output, without colours. */
  async #lastWords(): Promise<string> {
    await atMost(LAST_WORDS_MILLISECONDS, this.#drained);
    return stripVTControlCharacters(this.#printed).trim();
  }

  async #connect(): Promise<void> {
    const tooLate = `the kernel did not answer within ${START_SECONDS} s`;
    using _limit = this.stopAfter(START_SECONDS, tooLate);
    const { iopub_port, shell_port } = this.#connection.ports;
    this.#listen(await this.#connectTo(iopub_port, "SUB"));
    this.#shell = await this.#connectTo(shell_port, "DEALER");
    await this.#untilSubscribed();
    await this.#request(SETUP, { silent: true });
  }

  /** Connects as soon as the kernel listens. */
  async #connectTo(port: number, type: SocketType): Promise<ZmtpConnection> {
    while (true) {
      try {
        return await ZmtpConnection.connect(port, type, this.#disconnect.signal);
      } catch {
        // Nothing listens yet, or another program does; then the kernel ends, which ends the wait.
        await atMost(POLL_MILLISECONDS, this.#end);
      }
    }
  }

  /** Passes on broadcasts until the connection ends. */
  async #listen(iopub: ZmtpConnection): Promise<void> {
    try {
      while (true) {
        const parts = await iopub.receive();
        if (parts === undefined) return;
        const message = decodeMessage(parts, this.#connection.key);
        if (message.type === MARKER) this.#onMarker(message.content.marker);
        else this.#broadcasts.push(message);
      }
    } catch (cause) {
      // The sender mixes the pieces of a very large message with other messages.
      const problem = "an output arrived damaged, as from Deno's kernel when a cell shows more " +
        "than a few megabytes at once; show less";
      await this.stop(new Error(problem, { cause }));
    }
  }

  /** Sends markers until one arrives; broadcasts before the kernel knows this client are lost. */
  async #untilSubscribed(): Promise<void> {
    const marker = crypto.randomUUID();
    let subscribed = false;
    const complete = this.#untilMarker(marker).then(() => subscribed = true);
    while (!subscribed) {
      await this.#request(markerCode(marker), { silent: true });
      await atMost(MARKER_MILLISECONDS, complete, this.#end);
    }
  }

  /** All broadcasts before the marker; later ones are kept for the next call. */
  #untilMarker(marker: string): Promise<Message[]> {
    return new Promise((resolve) => {
      this.#onMarker = (found) => {
        if (found !== marker) return;
        resolve(this.#broadcasts);
        this.#broadcasts = [];
      };
    });
  }

  async #request(code: string, { silent }: { silent: boolean }): Promise<Execution["reply"]> {
    const id = crypto.randomUUID();
    const options = { user_expressions: {}, allow_stdin: false, stop_on_error: true };
    const content = { code, silent, store_history: !silent, ...options };
    const { key } = this.#connection;
    const request = encodeRequest({ id, type: "execute_request", content }, key);
    await Promise.race([this.#shell!.send(request), this.#end]);
    while (true) {
      const parts = await Promise.race([this.#shell!.receive(), this.#end]);
      if (parts === undefined) return await this.#end;
      const message = decodeMessage(parts, key);
      if (message.parent === id) return replySchema.parse(message.content);
    }
  }
}

/** Code that lets pending tasks of the cell run, then broadcasts the marker. */
function markerCode(marker: string): string {
  return `await new Promise((resolve) => setTimeout(resolve));
await Deno.jupyter.broadcast("${MARKER}", { marker: "${marker}" });`;
}

/** Waits for the first of some promises, but at most for this time. */
async function atMost(milliseconds: number, ...promises: Promise<unknown>[]): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  try {
    await Promise.race([over, ...promises]);
  } finally {
    clearTimeout(timer);
  }
}
