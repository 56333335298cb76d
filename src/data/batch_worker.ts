/**
 * The worker that makes batches ahead of the thread that trains.
 *
 * It waits on shared memory instead of messages, so that it goes on while the training thread is
 * busy and does not answer.
 *
 * @module
 */
import { makeBatches, openCacheOf } from "./batch_maker.ts";
import {
  type BatchAnswer,
  type BatchRequest,
  PREFETCHED_BATCHES,
  STOPPED,
  TAKEN,
} from "./batch_messages.ts";
import { messageOf } from "../files/error_message.ts";
import type { PixelFile } from "./pixel_file.ts";

/** Deno's types know the worker's own scope only with another `lib`. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<BatchRequest>) => void;
  postMessage(message: BatchAnswer, transfer?: Transferable[]): void;
};

let file: PixelFile | undefined;

scope.onmessage = ({ data: request }) => {
  try {
    file ??= openCacheOf(request.recipe);
    answer(file, request);
  } catch (error) {
    scope.postMessage({ kind: "failure", run: request.run, message: messageOf(error) });
  }
};

function answer(file: PixelFile, { recipe, run, epoch, firstBatch, control }: BatchRequest): void {
  let sent = 0;
  if (!waitForDemand(control, sent)) return;
  for (const batch of makeBatches(file, recipe, epoch, firstBatch)) {
    scope.postMessage({ kind: "batch", run, batch }, [batch.images.buffer, batch.labels.buffer]);
    sent++;
    if (!waitForDemand(control, sent)) return;
  }
  scope.postMessage({ kind: "end", run });
}

/** Blocks until another batch may be made; false if the run was stopped. */
function waitForDemand(control: Int32Array<SharedArrayBuffer>, sent: number): boolean {
  while (true) {
    // Read before STOPPED: stopping counts TAKEN up as well, so that the wait cannot miss it.
    const taken = Atomics.load(control, TAKEN);
    if (Atomics.load(control, STOPPED) === 1) return false;
    if (sent - taken < PREFETCHED_BATCHES) return true;
    Atomics.wait(control, TAKEN, taken);
  }
}
