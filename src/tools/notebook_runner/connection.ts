/**
 * The connection file of a Jupyter kernel: its ports, and the key that authenticates its client.
 *
 * @module
 */
import { join } from "@std/path";

/** The ports and key shared by a kernel and its client; disposing deletes the file. */
export type Connection = Awaited<ReturnType<typeof writeConnection>>;

/**
 * Chooses ports and a key, and writes the file.
 *
 * The ports are free when they are chosen. If another program takes one before the kernel does, the
 * kernel ends, and its last output contains `AddrInUse`.
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
    /** The kernel's ports on this machine, by channel. */
    ports,
    /** The key that signs all messages; known only to this process, the kernel and the file. */
    key,
    /** The file that gives the starting kernel its ports and key; only its owner can read it. */
    file,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Different free ports; each is held until all are chosen. */
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
