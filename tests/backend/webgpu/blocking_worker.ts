/**
 * A trial of a backend that blocks its thread.
 *
 * @module
 */
import { answerTrial } from "../../../src/backend/webgpu/answer_trial.ts";

self.postMessage(
  await answerTrial(() => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    return Promise.resolve();
  }),
);
