import { type RunningBackend, startBackend, stopBackend } from "../backend/start_backend.ts";
import type { RunDisplay } from "../reproduce.ts";
import { untilInterruption } from "./interruption.ts";
import { inJupyter, liveOutput } from "./show.ts";
import { TrainingDisplay } from "./training_display.ts";

/** Options for trainings in a cell. */
export interface CellTraining {
  readonly backend: RunningBackend;
  /** Aborted when the kernel is interrupted. */
  readonly signal: AbortSignal;
  /** Only in Jupyter; a terminal has its own display of progress. */
  readonly display?: RunDisplay;
}

/**
 * Deno's kernel continues "Run All" when a cell throws. For this time after an interruption no
 * other training starts, so that one interruption stops all cells.
 */
const QUEUED_CELLS_MILLISECONDS = 3000;
const INTERRUPTED = "training was interrupted; run the cell again to continue it";
const BEGUN_AFRESH =
  "training was interrupted; run the cell again, without fresh: true, to continue it";
let interrupted = -Infinity;

/**
 * Runs work that trains, while the cell shows its progress. Interrupting the kernel stops it.
 *
 * @param fresh whether the work discards earlier training; after an interruption the message then
 *   says how to continue without discarding it again
 * @throws {Error} if it was interrupted
 * @throws the error of the work
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
