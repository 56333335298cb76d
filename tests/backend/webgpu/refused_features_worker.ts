/**
 * A trial of tfjs's WebGPU backend on an adapter whose features it asks for in a form that Deno
 * refuses (denoland/webgpu-examples#22).
 *
 * @module
 */
import { answerTrial } from "../../../src/backend/webgpu/answer_trial.ts";
import { startWebGpu } from "../../../src/backend/webgpu/start_webgpu.ts";

const adapter = {
  features: new Set(["bgra8unorm-storage"]),
  limits: {},
  requestDevice({ requiredFeatures }: GPUDeviceDescriptor) {
    const [feature] = requiredFeatures!;
    if (typeof feature === "string") return Promise.resolve({});
    throw new TypeError("requiredFeatures can not be converted to a enum");
  },
};
const gpu = { requestAdapter: () => Promise.resolve(adapter) };
Object.defineProperty(navigator, "gpu", { value: gpu });

self.postMessage(await answerTrial(startWebGpu));
