/**
 * Runs kernels on all threads.
 *
 * @module
 */
import {
  ARGUMENT_BYTES,
  Control,
  CONTROL_BYTES,
  instantiateKernels,
  type Kernel,
  type KernelFunction,
  MAXIMUM_TASKS,
  runTasks,
  spinUntil,
} from "./job.ts";
import { KernelMemory } from "./memory.ts";
import type { ThreadSetup } from "./thread.ts";

/** The most threads of a pool. */
export const MAX_THREADS = 64;

/** Working memory of one thread, in bytes. */
export const SCRATCH_BYTES = 8 * 2 ** 20;

/** Time spent in one kernel since profiling began. */
export interface KernelTime {
  jobs: number;
  milliseconds: number;
}

/** A fixed set of threads over one {@linkcode KernelMemory}; the calling thread is one of them. */
export class KernelPool {
  readonly memory: KernelMemory;
  /** Number of threads, the calling one included. */
  readonly threads: number;
  /** Address of the calling thread's own working memory, of {@linkcode SCRATCH_BYTES}. */
  readonly scratch: number;
  readonly #setup: ThreadSetup;
  readonly #control: Int32Array;
  readonly #integers: Int32Array;
  readonly #floats: Float32Array;
  readonly #kernels: Map<string, Kernel>;
  readonly #functions: KernelFunction[];
  readonly #indices: Map<string, number>;
  #workers: Worker[];
  #times: Map<string, KernelTime> | undefined;

  private constructor(memory: KernelMemory, workers: Worker[], setup: ThreadSetup) {
    const { control, args } = setup;
    this.memory = memory;
    this.threads = workers.length + 1;
    this.#workers = workers;
    this.#setup = setup;
    this.scratch = setup.scratch;
    this.#control = new Int32Array(setup.memory.buffer, control, CONTROL_BYTES / 4);
    this.#integers = new Int32Array(setup.memory.buffer, args, ARGUMENT_BYTES / 4);
    this.#floats = memory.floats(args, ARGUMENT_BYTES / 4);
    this.#kernels = instantiateKernels(setup.module, setup.memory);
    this.#functions = [...this.#kernels.values()].map(({ run }) => run);
    this.#indices = new Map([...this.#kernels.keys()].map((name, index) => [name, index]));
  }

  /**
   * Starts the threads and waits until all are ready.
   *
   * @param threads the calling thread included
   * @param memory for one thread, it need not be shared
   * @throws {RangeError} if `threads` is not a whole number from 1 to {@linkcode MAX_THREADS}
   */
  static async start(
    module: WebAssembly.Module,
    threads: number,
    memory: KernelMemory = new KernelMemory(),
  ): Promise<KernelPool> {
    if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
      throw new RangeError(
        `the number of threads must be a whole number from 1 to ${MAX_THREADS}: ${threads}`,
      );
    }
    const shared = {
      module,
      memory: memory.memory,
      // All zeros, like all new memory.
      control: memory.allocate(CONTROL_BYTES),
      args: memory.allocate(ARGUMENT_BYTES),
    };
    const setup = () => ({ ...shared, scratch: memory.allocate(SCRATCH_BYTES) });
    const workers = Array.from({ length: threads - 1 }, () => startThread(setup()));
    return new KernelPool(memory, await Promise.all(workers), setup());
  }

  /**
   * Runs all tasks of a job and returns when they are done.
   *
   * @param integers the kernel's arguments up to its first float: addresses and sizes
   * @param floats the arguments from there on
   * @throws {WebAssembly.RuntimeError} if a kernel traps; the memory's contents are then undefined
   * @throws {RangeError} before anything runs, if a thread's own memory is too small
   */
  run(
    kernel: string,
    tasks: number,
    integers: readonly number[],
    floats: readonly number[] = [],
  ): void {
    if (tasks === 0) return;
    if (tasks > MAXIMUM_TASKS) throw new RangeError(`${kernel}: ${tasks} tasks are too many`);
    const begin = this.#times ? performance.now() : 0;
    const needed = this.scratchBytes(kernel, integers);
    if (needed > SCRATCH_BYTES) {
      throw new RangeError(
        `${kernel}: a task needs ${needed} bytes, a thread has ${SCRATCH_BYTES}`,
      );
    }
    this.#floats.set(floats, integers.length);
    const index = this.#indices.get(kernel)!;
    if (this.threads > 1 && tasks > 1) this.#runEverywhere(index, tasks);
    else {
      const { args } = this.#setup;
      for (let task = 0; task < tasks; task++) this.#functions[index]!(args, task, this.scratch);
    }
    if (this.#times) {
      const time = this.#times.get(kernel) ?? { jobs: 0, milliseconds: 0 };
      time.jobs++;
      time.milliseconds += performance.now() - begin;
      this.#times.set(kernel, time);
    }
  }

  /** Bytes of the thread's own memory that each task of a job with these arguments needs. */
  scratchBytes(kernel: string, integers: readonly number[]): number {
    const found = this.#kernels.get(kernel);
    if (!found) throw new Error(`kernels.wasm has no kernel "${kernel}"`);
    this.#integers.set(integers);
    return found.scratchBytes(this.#setup.args);
  }

  /** Whether a thread's own memory is large enough for a job with these arguments. */
  fits(kernel: string, integers: readonly number[]): boolean {
    return this.scratchBytes(kernel, integers) <= SCRATCH_BYTES;
  }

  /** Starts measuring the time per kernel, from zero. */
  startProfile(): void {
    this.#times = new Map();
  }

  /** Stops measuring, and returns the measurements. */
  endProfile(): Map<string, KernelTime> {
    const times = this.#times ?? new Map<string, KernelTime>();
    this.#times = undefined;
    return times;
  }

  /** Ends the threads. The pool cannot be used afterwards. */
  stop(): void {
    // A thread asleep in Atomics.wait does not hear terminate().
    const control = this.#control;
    Atomics.store(control, Control.stopping, 1);
    Atomics.store(control, Control.ticket, nextJob(control));
    Atomics.notify(control, Control.ticket);
    for (const worker of this.#workers) worker.terminate();
    this.#workers = [];
  }

  #runEverywhere(index: number, tasks: number): void {
    const control = this.#control;
    Atomics.store(control, Control.finished, 0);
    Atomics.store(control, Control.tasks, tasks);
    Atomics.store(control, Control.kernel, index);
    Atomics.store(control, Control.ticket, nextJob(control) | tasks);
    if (Atomics.load(control, Control.sleeping) > 0) Atomics.notify(control, Control.ticket);
    runTasks(control, this.#functions, this.#setup.args, this.scratch);
    const finished = () => Atomics.load(control, Control.finished);
    spinUntil(() => finished() === tasks);
    for (let seen = finished(); seen !== tasks; seen = finished()) {
      Atomics.wait(control, Control.finished, seen);
    }
    if (Atomics.exchange(control, Control.failed, 0) !== 0) {
      throw new WebAssembly.RuntimeError("a kernel trapped on a worker thread");
    }
  }
}

/** A ticket of the next job, with no tasks yet. */
function nextJob(control: Int32Array): number {
  return ((Atomics.load(control, Control.ticket) >>> 16) + 1) << 16;
}

function startThread(setup: ThreadSetup): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./thread.ts", import.meta.url), { type: "module" });
    worker.onmessage = () => resolve(worker);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`a kernel thread did not start: ${event.message}`));
    };
    worker.postMessage(setup);
  });
}
