/**
 * What stops a program in good order: signals, and the end of the processes that started it.
 *
 * @module
 */
import { findLaunchers, outlivesTerminal } from "./launchers.ts";
import { logLine } from "./text/log_line.ts";

/** The signals, with the exit codes that shells expect then. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

type StoppingSignal = keyof typeof EXIT_CODES;

/**
 * Milliseconds in which signals count as one: a Ctrl-C reaches a task once from the terminal and
 * once more through `deno task`, which passes on what it gets.
 */
const ONE_SIGNAL = 1000;

/** Milliseconds between two looks whether the processes that started this one are there. */
const LOOK_AGAIN = 1000;

let stoppedBy: StoppingSignal = "SIGTERM";

/** What a program exits with that {@linkcode untilInterrupted} has stopped. */
export function exitCodeOfInterruption(): number {
  return EXIT_CODES[stoppedBy];
}

/**
 * Does some work that Ctrl-C, `kill`, or a closed terminal stops in good order; so does the end of
 * `npx` or `deno task` behind which it runs, within seconds. A second signal ends the process at
 * once.
 *
 * @param work its signal is aborted with an `AbortError` that says so
 */
export async function untilInterrupted<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const interruption = new AbortController();
  using listeners = new DisposableStack();
  const stop = (signal: StoppingSignal, why: string) => {
    if (interruption.signal.aborted) return;
    stoppedBy = signal;
    // Below what is in the line, such as a bar or ^C.
    logLine("");
    logLine(why);
    const timer = setTimeout(() => listeners.dispose(), ONE_SIGNAL);
    Deno.unrefTimer(timer);
    interruption.abort(
      new DOMException("stopped; run the same command again to continue", "AbortError"),
    );
  };
  for (const signal of stoppingSignals()) {
    const listener = () => stop(signal, "stopping after this step; a second Ctrl-C stops at once");
    Deno.addSignalListener(signal, listener);
    listeners.defer(() => Deno.removeSignalListener(signal, listener));
  }
  endureFileSizeLimit(listeners);
  const areLaunchersThere = findLaunchers();
  const watch = setInterval(() => {
    if (areLaunchersThere()) return;
    clearInterval(watch);
    stop("SIGTERM", "what started this program has ended; stopping after this step");
  }, LOOK_AGAIN);
  Deno.unrefTimer(watch);
  listeners.defer(() => clearInterval(watch));
  return await work(interruption.signal);
}

/** A write beyond `ulimit -f` ends a process without a word, unless it listens: then it is an error. */
function endureFileSizeLimit(listeners: DisposableStack): void {
  if (Deno.build.os === "windows") return;
  const listener = () => {};
  Deno.addSignalListener("SIGXFSZ", listener);
  listeners.defer(() => Deno.removeSignalListener("SIGXFSZ", listener));
}

/** Deno knows no SIGTERM on Windows. */
function stoppingSignals(): StoppingSignal[] {
  if (Deno.build.os === "windows") return ["SIGINT"];
  return outlivesTerminal() ? ["SIGINT", "SIGTERM"] : ["SIGINT", "SIGTERM", "SIGHUP"];
}
