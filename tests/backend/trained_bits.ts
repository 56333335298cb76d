/**
 * A program for `engine_modes_test.ts`: trains a tiny network on `simd` and prints the SHA-256 of
 * its weights.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { startBackend, stopBackend } from "../../src/backend/start_backend.ts";
import { trainTiny } from "./tiny_training.ts";

await startBackend("simd", 2);
const { weights } = await trainTiny(40);
const hash = createHash("sha256");
for (const values of weights) hash.update(values);
console.log(hash.digest("hex"));
await stopBackend();
