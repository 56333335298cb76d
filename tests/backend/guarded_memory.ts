/**
 * Finding reads and writes outside of tensors.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { KernelMemory } from "../../src/backend/memory.ts";

/** Bytes before and after every block: more than a row of the largest tensor of these tests. */
const GUARD = 16384;
/** A NaN that no kernel makes: where it is read, results become NaN; where it is gone, it was
 * written over. */
const CANARY = 0x7fc0beef;

/**
 * From now on puts canaries around every block that is allocated, and checks them when it is freed.
 *
 * @returns a function that checks the blocks still in use
 */
export function guard(memory: KernelMemory): () => void {
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
  return () => sizes.keys().forEach(check);
}
