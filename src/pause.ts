/**
 * Waiting.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";

/**
 * Waits.
 *
 * @throws the signal's reason as soon as it is aborted
 */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  } finally {
    signal?.throwIfAborted();
  }
}
