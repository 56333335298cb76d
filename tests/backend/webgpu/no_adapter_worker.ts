/**
 * A trial of tfjs's WebGPU backend where no adapter answers.
 *
 * @module
 */
import { answerTrial } from "../../../src/backend/webgpu/answer_trial.ts";
import { startWebGpu } from "../../../src/backend/webgpu/start_webgpu.ts";

const gpu = { requestAdapter: () => Promise.resolve(null) };
Object.defineProperty(navigator, "gpu", { value: gpu });

self.postMessage(await answerTrial(startWebGpu));
