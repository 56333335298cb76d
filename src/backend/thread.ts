/**
 * A worker thread of the kernel pool: sleeps until there is a job, helps with its tasks, and sleeps
 * again. It returns to its event loop only to end.
 *
 * @module
 */
/// <reference lib="webworker" />
import {
  Control,
  CONTROL_BYTES,
  instantiateKernels,
  MAXIMUM_TASKS,
  runTasks,
  spinUntil,
} from "./job.ts";

/** The pool's message to a new thread. */
export interface ThreadSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Addresses in the memory. */
  readonly control: number;
  readonly args: number;
  /** Working memory of this thread alone. */
  readonly scratch: number;
}

const scope = self as unknown as DedicatedWorkerGlobalScope;

scope.onmessage = (event: MessageEvent<ThreadSetup>) => {
  const { module, memory, control: address, args, scratch } = event.data;
  const kernels = [...instantiateKernels(module, memory).values()].map(({ run }) => run);
  const control = new Int32Array(memory.buffer, address, CONTROL_BYTES / 4);
  scope.postMessage("ready");
  while (Atomics.load(control, Control.stopping) === 0) {
    spinUntil(() => (Atomics.load(control, Control.ticket) & MAXIMUM_TASKS) !== 0);
    const ticket = Atomics.load(control, Control.ticket);
    if ((ticket & MAXIMUM_TASKS) === 0) {
      Atomics.add(control, Control.sleeping, 1);
      Atomics.wait(control, Control.ticket, ticket);
      Atomics.sub(control, Control.sleeping, 1);
    }
    try {
      runTasks(control, kernels, args, scratch);
    } catch {
      // The main thread sees the job's failure mark and throws.
    }
  }
  scope.close();
};
