/**
 * A program for `engine_modes_test.ts`: trains tiny networks on `simd` and prints the SHA-256 of
 * the weights of ours and of the predictions of two of tfjs Layers.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { startBackend, stopBackend } from "../../src/backend/start_backend.ts";
import { ARCHITECTURES, trainArchitecture } from "./layers_models.ts";
import { trainTiny } from "./tiny_training.ts";

await startBackend("simd", 2);
const { weights } = await trainTiny(40);
const hash = createHash("sha256");
for (const values of weights) hash.update(values);
for (const name of ["dropout, Adam", "separable convolutions, Adagrad"]) {
  hash.update((await trainArchitecture(ARCHITECTURES[name]!)).predictions);
}
console.log(hash.digest("hex"));
await stopBackend();
