/**
 * Choosing and starting a tfjs backend.
 *
 * @module
 */
// The full package registers the gradients of tfjs's own kernels; its core alone has none.
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { KernelPool, MAX_THREADS } from "./kernel_pool.ts";
import { registerSimdBackend } from "./register_backend.ts";
import type { SimdBackend } from "./simd_backend.ts";
import { DENO_KERNELS } from "./wasm/files.ts";
import { startWebGpu } from "./webgpu/start_webgpu.ts";
import { tryWebGpu } from "./webgpu/trial.ts";

/** The available choices of a backend. `auto` is `simd` on every machine. */
export const BACKEND_NAMES = ["auto", "simd", "webgpu", "cpu"] as const;

/** One of {@linkcode BACKEND_NAMES}. */
export type BackendName = typeof BACKEND_NAMES[number];

/** The running backend. */
export interface RunningBackend {
  readonly name: Exclude<BackendName, "auto">;
  /** Number of computing threads; 1 for backends that do not report it. */
  readonly threads: number;
}

/**
 * Starts a backend and makes it the current one. webgpu is tried first, by a short training.
 *
 * @param threads of `simd`; by default as many as there are cores
 * @throws {RangeError} if there is no backend of that name
 * @throws {Error} if `simd` runs already, or webgpu is not available or fails its trial
 */
export async function startBackend(
  name: BackendName,
  threads?: number,
): Promise<RunningBackend> {
  // Deno looks like Node.js to tfjs, which would advise installing tfjs-node, which Deno cannot
  // use.
  tf.env().set("IS_NODE", false);
  switch (name) {
    case "auto":
    case "simd": {
      const backend = await startSimdBackend(threads);
      return { name: "simd", threads: backend.pool.threads };
    }
    case "webgpu":
      await tryWebGpu();
      await startWebGpu();
      return { name, threads: 1 };
    case "cpu":
      await tf.setBackend("cpu");
      return { name, threads: 1 };
    // Programs and notebook cells run without a type check, and any other name would leave tfjs's
    // own slow backend in place.
    default:
      throw new RangeError(`backend "${name}": not one of ${BACKEND_NAMES.join(", ")}`);
  }
}

/**
 * Registers the backend `simd` with tfjs and makes it the current one.
 *
 * @param threads threads to use, the calling one included; by default as many as there are cores,
 * but no more than {@linkcode MAX_THREADS}
 * @returns the backend, for its pool and memory
 * @throws {Error} if a backend `simd` is registered already
 */
export async function startSimdBackend(
  threads: number = Math.min(navigator.hardwareConcurrency, MAX_THREADS),
): Promise<SimdBackend> {
  if (tf.findBackend("simd")) {
    throw new Error(`the backend "simd" runs already; end it with tf.removeBackend("simd")`);
  }
  const module = await WebAssembly.compile(await Deno.readFile(DENO_KERNELS));
  return await registerSimdBackend(await KernelPool.start(module, threads));
}

/** Ends the current backend's threads; a program does not end while they run. */
export async function stopBackend(): Promise<void> {
  if (tf.getBackend() !== "simd") return;
  await tf.setBackend("cpu");
  tf.removeBackend("simd");
}
