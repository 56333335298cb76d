/**
 * Measuring what the processor's multiply-add units can do at most, as the engine sees them.
 *
 * @module
 */
import type { KernelPool } from "../../backend/kernel_pool.ts";

/** Floating-point operations of one round: 6 x 16 fused multiply-adds of two operations each. */
const OPERATIONS_PER_ROUND = 2 * 6 * 16;
const ROUNDS = 4_000_000;
const REPETITIONS = 5;

/** GFLOP/s of all threads of a pool together, in nothing but fused multiply-adds; the best of five. */
export function measurePeakGflops(pool: KernelPool): number {
  return pool.memory.using(32, (factors) => {
    // Sums that tend to 1: no overflow and no denormals, which would change the speed.
    pool.memory.floats(factors, 8).fill(0.5);
    let best = 0;
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      const start = performance.now();
      pool.run("peak", pool.threads, [factors, ROUNDS]);
      const seconds = (performance.now() - start) / 1000;
      best = Math.max(best, pool.threads * ROUNDS * OPERATIONS_PER_ROUND / seconds / 1e9);
    }
    return best;
  });
}
