/**
 * The process of `readers.ts`, seen from outside.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { Answer } from "./readers.ts";

/** Seconds within which a reader must answer, even on a busy machine. */
const PATIENCE = 120;
/** The most bytes of memory that a reader may use. */
const MEMORY = 2e9;

/** The failure of a process to answer properly. */
export interface Failure {
  readonly failure: "hang or crash" | "too much memory";
}

/** The process of the readers; started again after it had to be ended. */
export class ReaderProcess {
  #process: Deno.ChildProcess | undefined;
  #answers: AsyncIterator<string> | undefined;

  /** Asks a reader, by its name in `readers.ts`, about the files in a folder. */
  async ask(reader: string, folder: string): Promise<Answer | Failure> {
    this.#process ??= this.#start();
    const writer = this.#process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify({ reader, folder }) + "\n"));
    writer.releaseLock();
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), PATIENCE * 1000);
    const answer = await Promise.race([this.#answers!.next(), late.promise]);
    clearTimeout(timer);
    if (answer === undefined || answer.done) {
      await this[Symbol.asyncDispose]();
      return { failure: "hang or crash" };
    }
    if (this.#mostMemory() > MEMORY) {
      await this[Symbol.asyncDispose]();
      return { failure: "too much memory" };
    }
    return JSON.parse(answer.value);
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    try {
      process?.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await process?.status;
  }

  #start(): Deno.ChildProcess {
    const flags = ["--no-check", "--quiet", "-A"];
    const program = fromFileUrl(new URL("./readers.ts", import.meta.url));
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", ...flags, program],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#answers = linesOf(process.stdout);
    return process;
  }

  #mostMemory(): number {
    const status = Deno.readTextFileSync(`/proc/${this.#process!.pid}/status`);
    return Number(/VmHWM:\s*(\d+) kB/.exec(status)![1]) * 1024;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let text = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (text + piece).split("\n");
    text = lines.pop()!;
    yield* lines;
  }
}
