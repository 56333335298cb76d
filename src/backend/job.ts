/**
 * Sharing the work of one kernel between threads; used by the main thread and the workers.
 *
 * A job is a kernel, its arguments and a number of tasks. Threads claim tasks one by one until none
 * is left. A task's result never depends on the thread that runs it.
 *
 * @module
 */

/** Bytes a job's arguments may take. */
export const ARGUMENT_BYTES = 256;
/** Bytes of the control block. */
export const CONTROL_BYTES = 64;

/** The index of each number in the control block (an Int32Array). */
export const Control = {
  /** Counts jobs in the upper half, unclaimed tasks in the lower. Idle threads sleep on it. */
  ticket: 0,
  /** Tasks finished. The main thread sleeps on it. */
  finished: 1,
  /** Tasks of the job. */
  tasks: 2,
  /** Index of the kernel in the sorted list of exports. */
  kernel: 3,
  /** Threads asleep on `ticket`. */
  sleeping: 4,
  /** 1 after a kernel has trapped on some thread. */
  failed: 5,
  /** 1 when the threads should end. */
  stopping: 6,
} as const;

/** The most tasks of a job. */
export const MAXIMUM_TASKS = 0xffff;

/** A compiled kernel: computes one task of the job whose arguments are at `args`. */
export type KernelFunction = (args: number, task: number, scratch: number) => void;

/** A kernel of `kernels.wasm`. */
export interface Kernel {
  readonly run: KernelFunction;
  /** Bytes of the thread's own memory that each task needs, by the job's arguments at `args`. */
  readonly scratchBytes: (args: number) => number;
}

/** The suffix, after a kernel's name, of the export that returns its need for scratch memory. */
const SCRATCH = "Scratch";

/**
 * Instantiates the kernels on this thread, over the memory shared by all threads.
 *
 * @returns the kernels by name; all threads agree on their order
 */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Map<string, Kernel> {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const names = Object.keys(exports)
    .filter((name) => typeof exports[name] === "function" && !name.endsWith(SCRATCH))
    .sort();
  return new Map(names.map((name) => {
    const scratch = exports[name + SCRATCH] as ((args: number) => number) | undefined;
    const scratchBytes = (args: number) => scratch === undefined ? 0 : scratch(args) >>> 0;
    return [name, { run: exports[name] as KernelFunction, scratchBytes }];
  }));
}

/**
 * Claims and runs tasks of the current job until none is left. Once a task is claimed, the job
 * cannot end without this thread, so everything else about the job is read after the claim.
 */
export function runTasks(
  control: Int32Array,
  kernels: readonly KernelFunction[],
  args: number,
  scratch: number,
): void {
  while (true) {
    const ticket = Atomics.load(control, Control.ticket);
    const unclaimed = ticket & MAXIMUM_TASKS;
    if (unclaimed === 0) return;
    if (Atomics.compareExchange(control, Control.ticket, ticket, ticket - 1) !== ticket) continue;
    const tasks = Atomics.load(control, Control.tasks);
    try {
      kernels[Atomics.load(control, Control.kernel)]!(args, tasks - unclaimed, scratch);
    } catch (error) {
      Atomics.store(control, Control.failed, 1);
      throw error;
    } finally {
      if (Atomics.add(control, Control.finished, 1) + 1 === tasks) {
        Atomics.notify(control, Control.finished);
      }
    }
  }
}

/** Spins for some tens of microseconds or until `ready`; sleeping and waking costs about as much. */
export function spinUntil(ready: () => boolean): void {
  for (let i = 0; i < 4000 && !ready(); i++);
}
