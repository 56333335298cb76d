/**
 * A program for `training_test.ts`: trains a tiny network on webgpu and prints its losses as JSON;
 * prints `null` where no WebGPU adapter answers.
 *
 * @module
 */
import { startBackend } from "../../../src/backend/start_backend.ts";
import { trainTiny } from "../tiny_training.ts";

const adapter = await (navigator as { gpu?: GPU }).gpu?.requestAdapter();
if (adapter) {
  await startBackend("webgpu");
  console.log(JSON.stringify((await trainTiny(4)).losses));
} else console.log("null");
