/**
 * Choosing and starting a tfjs backend.
 *
 * @module
 */
// The union package registers the gradients of tfjs's own kernels; its core alone has none.
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { KernelPool, MAX_THREADS } from "./kernel_pool.ts";
import { registerSimdKernels } from "./kernels/register.ts";
import { SimdBackend } from "./simd_backend.ts";

const KERNELS = new URL("./wasm/kernels.wasm", import.meta.url);

/** The backends one can ask for. */
export const BACKEND_NAMES = ["auto", "webgpu", "simd", "cpu"] as const;

/** One of {@linkcode BACKEND_NAMES}. */
export type BackendName = typeof BACKEND_NAMES[number];

/** The backend that runs. */
export interface RunningBackend {
  readonly name: Exclude<BackendName, "auto">;
  /** Threads that compute; 1 where that is not ours to know. */
  readonly threads: number;
}

/**
 * Starts a backend and makes it the current one. `auto` is webgpu where a real GPU answers, else
 * `simd`.
 *
 * @param threads of `simd`; by default as many as there are cores
 * @throws {Error} if a backend asked for by name is not available
 */
export async function startBackend(
  name: BackendName,
  threads?: number,
): Promise<RunningBackend> {
  // Deno passes for Node.js, and tfjs would advise to install tfjs-node, which Deno cannot use.
  tf.env().set("IS_NODE", false);
  switch (name) {
    case "auto":
      return await startBackend(await hasRealGpu() ? "webgpu" : "simd", threads);
    case "simd": {
      const backend = await startSimdBackend(threads);
      return { name, threads: backend.pool.threads };
    }
    case "webgpu":
      await startWebGpu();
      break;
    case "cpu":
      await tf.setBackend("cpu");
  }
  return { name, threads: 1 };
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
  const module = await WebAssembly.compile(await Deno.readFile(KERNELS));
  const backend = new SimdBackend(await KernelPool.start(module, threads));
  if (!tf.getKernel("Conv2DBackpropFilter", "simd")) registerSimdKernels();
  tf.registerBackend("simd", () => backend);
  await tf.setBackend("simd");
  return backend;
}

/** Ends the current backend's threads, without which a program does not end. */
export async function stopBackend(): Promise<void> {
  if (tf.getBackend() !== "simd") return;
  await tf.setBackend("cpu");
  tf.removeBackend("simd");
}

async function hasRealGpu(): Promise<boolean> {
  const adapter = await requestAdapter();
  if (!adapter) return false;
  const { description, device, isFallbackAdapter } = adapter.info;
  const software = /llvmpipe|lavapipe|swiftshader|software/i.test(`${description} ${device}`);
  return !isFallbackAdapter && !software;
}

async function requestAdapter(): Promise<GPUAdapter | null> {
  // Deno leaves it out where it was built without WebGPU.
  const gpu = (navigator as { gpu?: GPU }).gpu;
  return await gpu?.requestAdapter() ?? null;
}

async function startWebGpu(): Promise<void> {
  if (!await requestAdapter()) {
    throw new Error(
      "--backend webgpu: no WebGPU adapter answers; install a Vulkan driver " +
        "(Debian: mesa-vulkan-drivers) or take --backend simd",
    );
  }
  await import("@tensorflow/tfjs-backend-webgpu");
  if (!await tf.setBackend("webgpu")) {
    throw new Error("--backend webgpu: tfjs cannot use this adapter; take --backend simd");
  }
}
