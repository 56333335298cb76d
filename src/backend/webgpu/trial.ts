/**
 * Trying tfjs's WebGPU backend before anything is trained on it. Under Deno it is known to fail to
 * start on some adapters (denoland/webgpu-examples#22), and to compute zeros silently
 * (tensorflow/tfjs#6842, #8518).
 *
 * The trial runs in a worker, so that a driver that blocks its thread does not block ours. A
 * separate process would also contain a crashing driver, but needs permission to run programs.
 *
 * @module
 */
import type { TrialAnswer } from "./answer_trial.ts";

const WEBGPU_WORKER = new URL("./trial_worker.ts", import.meta.url);

/** Compiling all shaders takes a software driver a few seconds. */
const SECONDS = 60;

/** Relative tolerance of a loss. Other orders of summation change it by a millionth. */
const TOLERANCE = 1e-3;

/**
 * Trains a narrow network for a few steps on WebGPU and on tfjs's stock cpu backend.
 *
 * @param worker a program that ends with a message, a {@linkcode TrialAnswer}
 * @param seconds time limit
 * @throws {Error} if WebGPU throws, its losses differ, or it does not end in time
 */
export async function tryWebGpu(worker = WEBGPU_WORKER, seconds = SECONDS): Promise<void> {
  const problem = problemIn(await answerOf(worker, seconds));
  if (problem !== undefined) {
    throw new Error(`--backend webgpu: ${problem}; --backend simd computes without a GPU`);
  }
}

async function answerOf(program: URL, seconds: number): Promise<TrialAnswer> {
  const { promise, resolve } = Promise.withResolvers<TrialAnswer>();
  const worker = new Worker(program, { type: "module" });
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    resolve({ problem: event.message });
  };
  const problem = `a trial of a few training steps did not end in ${seconds} s`;
  const timer = setTimeout(() => resolve({ problem }), seconds * 1000);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}

function problemIn(answer: TrialAnswer): string | undefined {
  if ("problem" in answer) return answer.problem;
  const { expected, actual } = answer;
  const step = expected.findIndex((loss, i) =>
    // Not `>`, because NaN would pass.
    !(Math.abs(actual[i]! - loss) <= TOLERANCE * Math.abs(loss))
  );
  if (step < 0) return undefined;
  return `its loss in step ${step + 1} of a trial is ${actual[step]}, not ${expected[step]}`;
}
