/**
 * Stopping a program in good order: by signals, or when the processes that started it end.
 *
 * @module
 */
import { findLaunchers, outlivesTerminal } from "./launchers.ts";
import { logLine } from "./text/log_line.ts";

/** The signals, with their usual exit codes. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

type StoppingSignal = keyof typeof EXIT_CODES;

/**
 * Milliseconds within which signals count as one: a Ctrl-C reaches a task once from the terminal
 * and again through `deno task`, which forwards it.
 */
const ONE_SIGNAL = 1000;

/** Milliseconds between checks whether the processes that started this one still run. */
const LOOK_AGAIN = 1000;

let stoppedBy: StoppingSignal = "SIGTERM";

/** The exit code of a program that {@linkcode untilInterrupted} has stopped. */
export function exitCodeOfInterruption(): number {
  return EXIT_CODES[stoppedBy];
}

/**
 * Does some work that Ctrl-C, `kill` or a closed terminal stops in good order. If it runs behind
 * `npx` or `deno task`, their end stops it too, within seconds. A second signal ends the process at
 * once.
 *
 * @param work its signal is aborted with an `AbortError` that names the cause
 */
export async function untilInterrupted<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const interruption = new AbortController();
  using listeners = new DisposableStack();
  const stop = (signal: StoppingSignal, why: string) => {
    if (interruption.signal.aborted) return;
    stoppedBy = signal;
    // Starts a new line after a bar or ^C.
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

/**
 * A write beyond `ulimit -f` ends a process silently, unless it handles the signal: then the write
 * fails with an error.
 */
function endureFileSizeLimit(listeners: DisposableStack): void {
  if (Deno.build.os === "windows") return;
  const listener = () => {};
  Deno.addSignalListener("SIGXFSZ", listener);
  listeners.defer(() => Deno.removeSignalListener("SIGXFSZ", listener));
}

/** The signals to handle: Deno has no SIGTERM on Windows. */
function stoppingSignals(): StoppingSignal[] {
  if (Deno.build.os === "windows") return ["SIGINT"];
  return outlivesTerminal() ? ["SIGINT", "SIGTERM"] : ["SIGINT", "SIGTERM", "SIGHUP"];
}
