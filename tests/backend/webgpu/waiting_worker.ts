/**
 * A trial of a backend whose values never arrive.
 *
 * @module
 */
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { answerTrial } from "../../../src/backend/webgpu/answer_trial.ts";
import { startStandIn } from "./stand_in.ts";

class WaitingBackend extends MathBackendCPU {
  override read(): ReturnType<MathBackendCPU["read"]> {
    return new Promise(() => {});
  }
}

self.postMessage(await answerTrial(() => startStandIn(() => new WaitingBackend())));
