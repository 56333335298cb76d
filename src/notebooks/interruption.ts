/**
 * Interrupting a notebook's kernel as Jupyter does, by the signal SIGINT.
 *
 * The signal ends any Deno program that does not listen for it, including kernels. Once this module
 * is loaded, the kernel listens, and an interruption only stops training. (Jupyter's other way, a
 * message, is no better in Deno 2.9: it ends loops, but a cell that awaits something waits
 * forever.)
 *
 * @module
 */
import { inJupyter } from "./show.ts";

if (inJupyter()) Deno.addSignalListener("SIGINT", () => {});

/** A signal that aborts at an interruption, until it is disposed of. */
export function untilInterruption(): Disposable & { readonly signal: AbortSignal } {
  const interruption = new AbortController();
  const abort = () => interruption.abort();
  Deno.addSignalListener("SIGINT", abort);
  return {
    signal: interruption.signal,
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", abort),
  };
}
