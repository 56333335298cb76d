/**
 * A trial of a backend whose gradient of a convolution's filter is zero: the first loss is right.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { answerTrial } from "../../../src/backend/webgpu/answer_trial.ts";
import { startStandIn } from "./stand_in.ts";

const zeros: tf.KernelFunc = ({ backend, attrs }) => {
  const shape = attrs!.filterShape as number[];
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  return (backend as MathBackendCPU).makeTensorInfo(shape, "float32", values);
};

self.postMessage(
  await answerTrial(() => startStandIn(undefined, { Conv2DBackpropFilter: zeros })),
);
