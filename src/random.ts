/**
 * Random numbers that depend on a key alone, never on what was drawn before: training can resume
 * anywhere, on any backend, and meet the same numbers.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/**
 * An endless stream of uniform numbers in [0, 1).
 *
 * The generator (xoroshiro128+) starts from the SHA-256 of the key, because streams started from
 * neighbouring small numbers would begin alike.
 *
 * @param key what the numbers are for, for example a seed and a layer's name; equal keys give
 *   equal streams
 */
export function randomStream(...key: readonly (string | number)[]): () => number {
  const digest = createHash("sha256").update(JSON.stringify(key)).digest();
  const state = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset));
  const generator = xoroshiro128plusFromState(state);
  return () => uniformFloat64(generator);
}
