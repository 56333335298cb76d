/**
 * Interrupting a notebook's kernel, as Jupyter does: by the signal SIGINT.
 *
 * The signal ends a Deno program that does not listen for it, a kernel too. From here on ours
 * listens, and an interruption stops what is trained and nothing else. (Jupyter's other way, a
 * message, is no better in Deno 2.9: it ends loops, but leaves a cell that awaits something waiting
 * for ever.)
 *
 * @module
 */
import { inJupyter } from "./show.ts";

if (inJupyter()) Deno.addSignalListener("SIGINT", () => {});

/** A signal that aborts at an interruption, until this is disposed of. */
export function untilInterruption(): Disposable & { readonly signal: AbortSignal } {
  const interruption = new AbortController();
  const abort = () => interruption.abort();
  Deno.addSignalListener("SIGINT", abort);
  return {
    signal: interruption.signal,
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", abort),
  };
}
