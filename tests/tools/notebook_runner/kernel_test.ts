import assert from "node:assert/strict";
import { dirname, fromFileUrl } from "@std/path";
import { Kernel } from "../../../src/tools/notebook_runner/kernel.ts";
import { writeConnection } from "../../../src/tools/notebook_runner/connection.ts";
import { Witness } from "./witness.ts";

/** Ports are found in the order shell, iopub, stdin, control, heartbeat. */
const CHANNELS = 5;

/** Has some of the ports that kernels find free be one that is taken, until this is disposed of. */
class TakenPort implements Disposable {
  readonly #listen = Deno.listen;
  readonly #taken = this.#listen({ hostname: "127.0.0.1", port: 0 });
  #found = 0;

  constructor(isTaken: (channel: number, attempt: number) => boolean) {
    const listen = (options: Deno.TcpListenOptions & { transport?: "tcp" }) => {
      const listener = this.#listen(options);
      const index = this.#found++;
      const taken = isTaken(index % CHANNELS, Math.floor(index / CHANNELS));
      if (taken) Object.defineProperty(listener, "addr", { value: this.#taken.addr });
      return listener;
    };
    Deno.listen = listen as typeof Deno.listen;
  }

  get attempts(): number {
    return this.#found / CHANNELS;
  }

  [Symbol.dispose](): void {
    Deno.listen = this.#listen;
    this.#taken.close();
  }
}

Deno.test("a port that another program takes first costs another start, no more", async () => {
  for (const taken of [0, 1]) {
    using port = new TakenPort((channel, attempt) => channel === taken && attempt === 0);
    await using kernel = await Kernel.start({ folder: "." });
    assert.equal(port.attempts, 2, `${taken}`);
    assert.equal((await kernel.execute("1")).reply.status, "ok");
  }
  using _port = new TakenPort((channel) => channel === 3);
  await assert.rejects(
    Kernel.start({ folder: "." }),
    /the kernel died \(exit code 1\):\n.*AddrInUse/s,
  );
});

Deno.test("only its owner can read the connection file, which is gone when disposed of", async () => {
  const connection = await writeConnection();
  const { file, key } = connection;
  assert.equal((await Deno.stat(file)).mode! & 0o777, 0o600);
  assert.equal((await Deno.stat(dirname(file))).mode! & 0o777, 0o700);
  assert.equal(JSON.parse(await Deno.readTextFile(file)).key, key);
  assert.ok(key.length >= 32);
  await connection[Symbol.asyncDispose]();
  await assert.rejects(Deno.stat(dirname(file)), Deno.errors.NotFound);
});

Deno.test("a kernel ends when the program that started it is killed", async () => {
  using witness = new Witness();
  const owner = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--allow-all"],
      fromFileUrl(new URL("owned_kernel.ts", import.meta.url)),
      `${witness.code}; await new Promise(() => {});`,
    ],
    stdin: "null",
  }).spawn();
  await witness.connected();
  owner.kill("SIGKILL");
  await owner.status;
  await witness.ended();
});

Deno.test("a process that a cell started ends with its kernel", async () => {
  using witness = new Witness();
  const kernel = await Kernel.start({ folder: "." });
  await kernel.execute(
    `new Deno.Command(Deno.execPath(), { args: ["eval", ${
      JSON.stringify(
        `${witness.code}; setInterval(() => {}, 1000);`,
      )
    }] }).spawn();`,
  );
  await witness.connected();
  await kernel.stop();
  await witness.ended();
});

Deno.test("stopping twice, or a kernel that has died, does no harm", async () => {
  const kernel = await Kernel.start({ folder: "." });
  await assert.rejects(kernel.execute("Deno.exit(3)"), /the kernel died \(exit code 3\)/);
  await kernel.stop();
  await kernel.stop(new Error("late"));
  await assert.rejects(kernel.execute("1"), /the kernel died \(exit code 3\)/);
});

Deno.test("a signal ends a kernel that is only starting", async () => {
  const interruption = new AbortController();
  const starting = Kernel.start({ folder: "." }, interruption.signal);
  interruption.abort(new Error("enough"));
  await assert.rejects(starting, /^Error: enough$/);
});
