import * as tf from "@tensorflow/tfjs-core";
import type { KernelPool } from "./kernel_pool.ts";
import { registerSimdKernels } from "./kernels/register.ts";
import { SimdBackend } from "./simd_backend.ts";

/** Registers the backend `simd` with tfjs, using these threads, and makes it the current one. */
export async function registerSimdBackend(pool: KernelPool): Promise<SimdBackend> {
  const backend = new SimdBackend(pool);
  if (!tf.getKernel("Conv2DBackpropFilter", "simd")) registerSimdKernels();
  tf.registerBackend("simd", () => backend);
  await tf.setBackend("simd");
  return backend;
}
