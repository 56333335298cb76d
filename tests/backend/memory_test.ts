import assert from "node:assert/strict";
import { KernelMemory } from "../../src/backend/memory.ts";

Deno.test("blocks never overlap, and all memory is one free block again after all are freed", () => {
  const memory = new KernelMemory();
  const sizes = [1, 64, 100, 5000, 70000, 3, 1 << 20];
  const blocks = new Map<number, number>();
  for (let round = 0; round < 200; round++) {
    const bytes = sizes[round * 7 % sizes.length]!;
    const address = memory.allocate(bytes);
    for (const [other, length] of blocks) {
      assert.ok(address + bytes <= other || other + length <= address, "blocks overlap");
    }
    blocks.set(address, bytes);
    if (round % 3 === 2) {
      const oldest = blocks.keys().next().value!;
      memory.free(oldest);
      blocks.delete(oldest);
    }
  }
  for (const address of blocks.keys()) memory.free(address);
  assert.equal(memory.bytesInUse, 0);
  const reserved = memory.bytesReserved;
  memory.allocate(reserved - 1024);
  assert.equal(memory.bytesReserved, reserved, "the free blocks were not joined");
});

Deno.test("a view stays valid when the memory grows", () => {
  const memory = new KernelMemory();
  const address = memory.allocate(16);
  const view = memory.floats(address, 4);
  view.set([1, 2, 3, 4]);
  memory.allocate(memory.bytesReserved * 2);
  assert.deepEqual([...memory.floats(address, 4)], [1, 2, 3, 4]);
  memory.floats(address, 4)[0] = 9;
  assert.equal(view[0], 9);
});

Deno.test("freeing what is not in use is an error", () => {
  const memory = new KernelMemory();
  const address = memory.allocate(16);
  memory.free(address);
  assert.throws(() => memory.free(address), /no block of kernel memory starts at/);
});

Deno.test("asking for more than 4 GiB is an error that says what to do, and changes nothing", () => {
  const memory = new KernelMemory();
  assert.throws(() => memory.allocate(2 ** 32), /use smaller batches or pictures/);
  assert.equal(memory.bytesInUse, 0);
});
