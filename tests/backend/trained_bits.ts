/**
 * A program for `engine_modes_test.ts`: trains a tiny network on `simd` and prints the SHA-256 of
 * its weights.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { startBackend, stopBackend } from "../../src/backend/select.ts";
import { experimentNamed } from "../../src/experiments.ts";
import { XResNet } from "../../src/model/xresnet.ts";
import { train } from "../../src/training/trainer.ts";
import {
  syntheticEvaluation,
  syntheticTraining,
  TINY_PROFILE,
} from "../training/synthetic_data.ts";

await startBackend("simd", 2);
const network = new XResNet(TINY_PROFILE.network, 3, 7);
await train({
  network,
  experiment: experimentNamed("bcena"),
  profile: TINY_PROFILE,
  seed: 7,
  training: syntheticTraining(40),
  validation: syntheticEvaluation(6),
});
const hash = createHash("sha256");
for (const variable of network.namedVariables().values()) hash.update(variable.dataSync());
console.log(hash.digest("hex"));
await stopBackend();
