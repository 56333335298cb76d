/**
 * Finding reads and writes outside of tensors.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { KernelPool } from "../../src/backend/kernel_pool.ts";

/** Bytes before and after every block: more than a row of the largest tensor of these tests. */
const GUARD = 16384;
/** A NaN that no kernel makes: where it is read, results become NaN; where it is gone, it was
 * written over. */
const CANARY = 0x7fc0beef;

/**
 * From now on puts canaries around every block that is allocated, and checks them when it is freed;
 * puts some behind what each job says it needs of the calling thread's own memory, too. The pool must
 * have no other thread.
 *
 * @returns a function that checks the blocks still in use
 */
export function guard(pool: KernelPool): () => void {
  assert.equal(pool.threads, 1);
  const { memory, scratch } = pool;
  const allocate = memory.allocate.bind(memory);
  const free = memory.free.bind(memory);
  const sizes = new Map<number, number>();

  const guards = (address: number, bytes: number) =>
    [address - GUARD, address + Math.ceil(bytes / 4) * 4].map((start) =>
      new Uint32Array(memory.memory.buffer, start, GUARD / 4)
    );
  const check = (address: number) => {
    const bytes = sizes.get(address)!;
    for (const words of guards(address, bytes)) {
      const spoilt = words.findIndex((word) => word !== CANARY);
      assert.ok(spoilt < 0, `a kernel wrote outside of a block of ${bytes} bytes`);
    }
  };

  memory.allocate = (bytes) => {
    const address = allocate(bytes + 2 * GUARD + 4) + GUARD;
    for (const words of guards(address, bytes)) words.fill(CANARY);
    sizes.set(address, bytes);
    return address;
  };
  memory.free = (address) => {
    if (sizes.has(address)) {
      check(address);
      sizes.delete(address);
      free(address - GUARD);
    } else free(address);
  };
  const run = pool.run.bind(pool);
  pool.run = (kernel, tasks, integers, floats) => {
    const needed = Math.ceil(pool.scratchBytes(kernel, integers) / 4) * 4;
    const behind = new Uint32Array(memory.memory.buffer, scratch + needed, GUARD / 4).fill(CANARY);
    run(kernel, tasks, integers, floats);
    const spoilt = behind.findIndex((word) => word !== CANARY);
    assert.ok(
      spoilt < 0,
      `${kernel} wrote behind the ${needed} bytes of a thread that it asked for`,
    );
  };
  return () => sizes.keys().forEach(check);
}
