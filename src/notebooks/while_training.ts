import { type RunningBackend, startBackend, stopBackend } from "../backend/start_backend.ts";
import type { RunDisplay } from "../reproduce.ts";
import { untilInterruption } from "./interruption.ts";
import { inJupyter, liveOutput } from "./show.ts";
import { TrainingDisplay } from "./training_display.ts";

/** What trainings in a cell are given. */
export interface CellTraining {
  readonly backend: RunningBackend;
  /** Aborted when the kernel is interrupted. */
  readonly signal: AbortSignal;
  /** In Jupyter; a terminal has its own way of showing what changes. */
  readonly display?: RunDisplay;
}

/**
 * Deno's kernel goes on with the cells of "Run All" when one of them throws. For so long after an
 * interruption nothing else is trained, so that one interruption stops them all.
 */
const QUEUED_CELLS_MILLISECONDS = 3000;
const INTERRUPTED = "training was interrupted; run the cell again to continue it";
const BEGUN_AFRESH =
  "training was interrupted; run the cell again, without fresh: true, to continue it";
let interrupted = -Infinity;

/**
 * Does work that trains, while the cell shows how far it is. Interrupting the kernel stops it.
 *
 * @param fresh whether it began anew, which is not to be done again
 * @throws {Error} if it was interrupted, or what the work throws
 */
export async function whileTraining(
  work: (training: CellTraining) => Promise<void>,
  fresh = false,
): Promise<void> {
  if (performance.now() - interrupted < QUEUED_CELLS_MILLISECONDS) throw new Error(INTERRUPTED);
  using interruption = untilInterruption();
  const { signal } = interruption;
  const display = new TrainingDisplay(liveOutput());
  try {
    const backend = await startBackend("simd");
    await work({ backend, signal, ...(inJupyter() ? { display } : {}) });
  } catch (error) {
    if (!signal.aborted) throw error;
    interrupted = performance.now();
    throw new Error(fresh ? BEGUN_AFRESH : INTERRUPTED);
  } finally {
    await stopBackend();
    await display.end();
  }
}
