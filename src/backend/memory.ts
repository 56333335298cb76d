/**
 * The WebAssembly memory of the `simd` backend's kernels.
 *
 * @module
 */

/** Bytes of a page of WebAssembly memory. */
const PAGE = 65536;
/** Blocks start at a cache line. */
const ALIGNMENT = 64;
/** Kernels load whole vectors, and may read (never write) a little past the end of a block. */
const SLACK = 64;
/** The reach of 32-bit addresses: 4 GiB. */
const MAXIMUM_PAGES = 65536;

/**
 * A memory for one thread, where memory cannot be shared. It cannot grow; untouched pages cost
 * nothing.
 *
 * @throws {RangeError} if the machine has too little memory
 */
export function unsharedMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  return new WebAssembly.Memory({ initial: pages, maximum: pages });
}

interface Block {
  address: number;
  bytes: number;
}

/** Allocates blocks of a WebAssembly memory, which grows as needed and never shrinks. */
export class KernelMemory {
  /** Free blocks by address; neighbours are always joined. */
  #free: Block[] = [];
  #used = new Map<number, number>();
  #bytesInUse = 0;

  /**
   * @param memory shared by all threads; an unshared one must not be able to grow, because all
   *   views of it would become invalid
   */
  constructor(
    readonly memory: WebAssembly.Memory = new WebAssembly.Memory({
      initial: 16,
      maximum: MAXIMUM_PAGES,
      shared: true,
    }),
  ) {
    // Address 0 means "none" to the kernels.
    this.#free.push({ address: ALIGNMENT, bytes: this.memory.buffer.byteLength - ALIGNMENT });
  }

  /** Bytes of all blocks in use. */
  get bytesInUse(): number {
    return this.#bytesInUse;
  }

  /** Size of the whole memory in bytes: the most ever in use, plus gaps. */
  get bytesReserved(): number {
    return this.memory.buffer.byteLength;
  }

  /**
   * Reserves a block; its contents are undefined.
   *
   * @returns the block's address
   * @throws {RangeError} if the memory's 4 GiB, or the machine's memory, are exhausted
   */
  allocate(bytes: number): number {
    const needed = Math.ceil((bytes + SLACK) / ALIGNMENT) * ALIGNMENT;
    const block = this.#bestFit(needed) ?? this.#grow(needed);
    const { address } = block;
    block.address += needed;
    block.bytes -= needed;
    if (block.bytes === 0) this.#free.splice(this.#free.indexOf(block), 1);
    this.#used.set(address, needed);
    this.#bytesInUse += needed;
    return address;
  }

  /**
   * Frees a block.
   *
   * @throws {Error} if no block in use starts there
   */
  free(address: number): void {
    const bytes = this.#used.get(address);
    if (bytes === undefined) throw new Error(`no block of kernel memory starts at ${address}`);
    this.#used.delete(address);
    this.#bytesInUse -= bytes;
    this.#release({ address, bytes });
  }

  /** Allocates, runs `work`, and always frees, even if `work` throws. */
  using<Result>(bytes: number, work: (address: number) => Result): Result {
    const address = this.allocate(bytes);
    try {
      return work(address);
    } finally {
      this.free(address);
    }
  }

  /** A view of `length` floats at `address`; it stays valid when the memory grows. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  /** A view of `length` bytes at `address`; it stays valid when the memory grows. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  /** The smallest free block that is large enough; the first of several. */
  #bestFit(bytes: number): Block | undefined {
    let best: Block | undefined;
    for (const block of this.#free) {
      if (block.bytes >= bytes && (!best || block.bytes < best.bytes)) best = block;
    }
    return best;
  }

  /** Grows the memory to make a free block that is large enough. */
  #grow(bytes: number): Block {
    const before = this.memory.buffer.byteLength;
    const pages = Math.ceil(bytes / PAGE);
    try {
      this.memory.grow(pages);
    } catch {
      const used = (before / 2 ** 30).toFixed(2);
      throw new RangeError(
        `the simd backend has ${used} GiB and cannot grow by ${pages * PAGE} bytes; ` +
          "use smaller batches or pictures",
      );
    }
    return this.#release({ address: before, bytes: pages * PAGE });
  }

  /** Adds a free block; returns the free block it is then part of. */
  #release(block: Block): Block {
    const next = this.#free.findIndex(({ address }) => address > block.address);
    const place = next < 0 ? this.#free.length : next;
    const before = this.#free[place - 1];
    const after = this.#free[place];
    const joinsBefore = before !== undefined && before.address + before.bytes === block.address;
    const joinsAfter = after !== undefined && block.address + block.bytes === after.address;
    const joined = {
      address: joinsBefore ? before.address : block.address,
      bytes: (joinsBefore ? before.bytes : 0) + block.bytes + (joinsAfter ? after.bytes : 0),
    };
    const start = joinsBefore ? place - 1 : place;
    this.#free.splice(start, Number(joinsBefore) + Number(joinsAfter), joined);
    return joined;
  }
}
