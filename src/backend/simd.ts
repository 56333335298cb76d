/**
 * Making the backend `simd` known to tfjs.
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
