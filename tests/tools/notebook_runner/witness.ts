/** Knowing from outside that a kernel has ended. */

/** The longest that the end of a kernel may take to arrive; a failure, not a wait. */
const PATIENCE_MILLISECONDS = 30_000;

/** Something a kernel's cell connects to; the connection ends when the kernel's process does. */
export class Witness implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connection = this.#listener.accept();

  /** The code of a cell that connects. */
  readonly code = `await Deno.connect({ port: ${this.#listener.addr.port} });`;

  /** Resolves when a kernel has connected. */
  async connected(): Promise<void> {
    await within(this.#connection, "no kernel connected");
  }

  /** Resolves when the kernel that connected has ended. */
  async ended(): Promise<void> {
    const connection = await this.#connection;
    const read = connection.read(new Uint8Array(1)).catch((error) => {
      if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
    });
    await within(read, "the kernel goes on");
    connection.close();
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

async function within(promise: Promise<unknown>, failure: string): Promise<void> {
  const { promise: tooLong, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(failure)), PATIENCE_MILLISECONDS);
  try {
    await Promise.race([promise, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
