/**
 * A trial of a backend that computes right.
 *
 * @module
 */
import { answerTrial } from "../../../src/backend/webgpu/answer_trial.ts";
import { startStandIn } from "./stand_in.ts";

self.postMessage(await answerTrial(() => startStandIn()));
