/**
 * A trial of a backend whose products are not numbers.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { answerTrial } from "../../../src/backend/webgpu/answer_trial.ts";
import { startStandIn } from "./stand_in.ts";

const notNumbers: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const { a, b } = inputs as Record<"a" | "b", tf.TensorInfo>;
  const rows = a.shape.at(attrs!.transposeA ? -1 : -2)!;
  const columns = b.shape.at(attrs!.transposeB ? -2 : -1)!;
  const shape = [...a.shape.slice(0, -2), rows, columns];
  const values = new Float32Array(tf.util.sizeFromShape(shape)).fill(NaN);
  return (backend as MathBackendCPU).makeTensorInfo(shape, "float32", values);
};

self.postMessage(await answerTrial(() => startStandIn(undefined, { BatchMatMul: notNumbers })));
