/**
 * Where a Jupyter kernel listens, and how it trusts its client.
 *
 * @module
 */
import { join } from "@std/path";

/** How a kernel and its client find and trust each other; its file is gone when this is disposed of. */
export type Connection = Awaited<ReturnType<typeof writeConnection>>;

/**
 * Chooses ports and a key, and writes the file.
 *
 * The ports are free when they are chosen. Should another program take one before the kernel does,
 * the kernel ends and its last words have `AddrInUse`.
 */
export async function writeConnection() {
  const ports = freePorts();
  const key = crypto.randomUUID();
  const folder = await Deno.makeTempDir({ prefix: "kernel-" });
  const file = join(folder, "connection.json");
  const address = { ip: "127.0.0.1", transport: "tcp", ...ports };
  const content = { ...address, key, signature_scheme: "hmac-sha256" };
  await Deno.writeTextFile(file, JSON.stringify(content), { createNew: true, mode: 0o600 });
  return {
    /** Where the kernel listens on this machine, by channel. */
    ports,
    /** Signs all messages; known only to this process, the kernel and the file. */
    key,
    /** Tells the kernel ports and key while it starts; only its owner can read it. */
    file,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Ports that nothing listens on, all different: each is held until all are chosen. */
function freePorts() {
  using listeners = new DisposableStack();
  const freePort = () => listeners.use(Deno.listen({ hostname: "127.0.0.1", port: 0 })).addr.port;
  return {
    shell_port: freePort(),
    iopub_port: freePort(),
    stdin_port: freePort(),
    control_port: freePort(),
    hb_port: freePort(),
  };
}
