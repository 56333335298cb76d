/**
 * Random numbers that depend only on a key, never on earlier draws: training can resume anywhere,
 * on any backend, and get the same numbers.
 *
 * @module
 */
// Not Node's SHA-256, which web pages do not have.
import { sha256 } from "@noble/hashes/sha2.js";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/**
 * An endless stream of uniform numbers in [0, 1).
 *
 * The generator (xoroshiro128+) is seeded with the SHA-256 of the key, because streams seeded with
 * neighbouring small numbers would begin alike.
 *
 * @param key the purpose of the numbers, for example a seed and a layer's name; equal keys give
 *   equal streams
 */
export function randomStream(...key: readonly (string | number)[]): () => number {
  const digest = sha256(new TextEncoder().encode(JSON.stringify(key)));
  const words = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  const state = [0, 4, 8, 12].map((offset) => words.getInt32(offset, true));
  const generator = xoroshiro128plusFromState(state);
  return () => uniformFloat64(generator);
}
