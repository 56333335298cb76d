/**
 * Sums, products and ReLUs of whole tensors.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { runStockKernel, type SimdKernel } from "./stock_kernel.ts";

/** Values of one task; the same in `wasm/assembly/elementwise.ts`. */
const CHUNK = 16384;

/** Sum of two tensors of one shape; broadcasting is left to the stock kernel. */
export const add: SimdKernel = binaryKernel("Add", "add");

/** Product of two tensors of one shape; broadcasting is left to the stock kernel. */
export const multiply: SimdKernel = binaryKernel("Multiply", "multiply");

/** max(x, 0) */
export const relu: SimdKernel = unaryKernel("Relu", "relu");

/** 1 where x > 0, else alpha: with {@linkcode multiply} the gradient of {@linkcode relu}. */
export const step: SimdKernel = unaryKernel("Step", "step");

function binaryKernel(kernelName: string, job: "add" | "multiply"): SimdKernel {
  return {
    kernelName,
    kernelFunc(call) {
      const { inputs, backend } = call;
      const a = inputs["a"]!;
      const b = inputs["b"]!;
      const float = a.dtype === "float32" && b.dtype === "float32";
      if (!float || !tf.util.arraysEqual(a.shape, b.shape)) return runStockKernel(kernelName, call);
      const size = tf.util.sizeFromShape(a.shape);
      const left = backend.address(a);
      const right = backend.address(b);
      const result = backend.output(a.shape);
      const args = [left, right, backend.address(result), size];
      backend.pool.run(job, Math.ceil(size / CHUNK), args, [0]);
      return result;
    },
  };
}

function unaryKernel(kernelName: string, job: "relu" | "step"): SimdKernel {
  return {
    kernelName,
    kernelFunc(call) {
      const { inputs, backend, attrs } = call;
      const x = inputs["x"]!;
      if (x.dtype !== "float32") return runStockKernel(kernelName, call);
      const size = tf.util.sizeFromShape(x.shape);
      const input = backend.address(x);
      const result = backend.output(x.shape);
      const alpha = (attrs["alpha"] as number | undefined) ?? 0;
      const args = [input, 0, backend.address(result), size];
      backend.pool.run(job, Math.ceil(size / CHUNK), args, [alpha]);
      return result;
    },
  };
}
