/**
 * The worker that tries tfjs's WebGPU backend.
 *
 * @module
 */
import { answerTrial } from "./answer_trial.ts";
import { startWebGpu } from "./start_webgpu.ts";

self.postMessage(await answerTrial(startWebGpu));
