/**
 * Backends that stand in for tfjs's WebGPU backend in its trial.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";

/**
 * Starts a backend that computes as the stock cpu backend does, but for some kernels.
 *
 * @param create makes the backend
 * @param kernels its own, by their names
 */
export async function startStandIn(
  create: () => tf.KernelBackend = () => new MathBackendCPU(),
  kernels: Readonly<Record<string, tf.KernelFunc>> = {},
): Promise<void> {
  tf.copyRegisteredKernels("cpu", "stand-in");
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    tf.unregisterKernel(kernelName, "stand-in");
    tf.registerKernel({ kernelName, backendName: "stand-in", kernelFunc });
  }
  tf.registerBackend("stand-in", create);
  await tf.setBackend("stand-in");
}
