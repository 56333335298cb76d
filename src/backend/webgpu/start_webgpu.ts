/**
 * tfjs's WebGPU backend. It is started only when requested by name: requesting an adapter may load
 * a driver, and drivers print to the terminal.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/**
 * Makes tfjs's WebGPU backend the current one, untried.
 *
 * @throws {Error} if there is no adapter, or tfjs cannot use it
 */
export async function startWebGpu(): Promise<void> {
  // Deno leaves it out where it was built without WebGPU.
  const gpu = (navigator as { gpu?: GPU }).gpu;
  if (!await gpu?.requestAdapter()) {
    throw new Error(
      "no WebGPU adapter answers; install a Vulkan driver (Debian: mesa-vulkan-drivers)",
    );
  }
  await import("@tensorflow/tfjs-backend-webgpu");
  // tf.setBackend() alone would print why the backend does not start, instead of throwing an error.
  const backend = await tf.findBackendFactory("webgpu")!() as tf.KernelBackend;
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => backend);
  await tf.setBackend("webgpu");
}
