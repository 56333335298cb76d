/**
 * The processes that started this one. `npx deno task` is a chain of them: npm, a shell, and `deno
 * task`. A signal to npm, the process a person sees, may end it without reaching the others.
 *
 * @module
 */

/** The most processes in a chain; a real one has three or four. */
const LONGEST_CHAIN = 8;

/** A process and its parent. */
interface Link {
  readonly pid: number;
  readonly parent: number;
}

/**
 * Finds the chain of processes that started this one for a task, and returns a function that says
 * whether it is still whole. A process whose parent has ended gets another parent.
 *
 * Without `/proc` and the permission to call the system's library, only this process's own parent
 * is known; then the chain is that parent alone.
 */
export function findLaunchers(): () => boolean {
  const chain: Link[] = [{ pid: Deno.pid, parent: Deno.ppid }];
  using processes = openProcesses();
  while (processes !== undefined && chain.length < LONGEST_CHAIN) {
    const pid = chain.at(-1)!.parent;
    const parent = isLauncher(processes.commandOf(pid)) ? processes.parentOf(pid) : undefined;
    if (parent === undefined) {
      // The parent is no launcher, for example a person's shell; it may end without stopping this
      // process.
      chain.pop();
      break;
    }
    chain.push({ pid, parent });
  }
  return () => {
    using processes = openProcesses();
    return chain.every(({ pid, parent }) =>
      parent === (pid === Deno.pid ? Deno.ppid : processes?.parentOf(pid))
    );
  };
}

/** Whether this process was told to outlive its terminal, as by `nohup`. */
export function outlivesTerminal(): boolean {
  using processes = openProcesses();
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(processes?.statusOf(Deno.pid) ?? "")?.[1];
  return ignored !== undefined && (BigInt(`0x${ignored}`) & 1n) === 1n;
}

/** Whether a command only starts a task: `deno task`, or npm's command for it. */
export function isLauncher(command: string | undefined): boolean {
  return /^(\S*\/)?(deno|node|npm exec|npx|[a-z]*sh -c '?deno'?)\b.* task\b/.test(command ?? "");
}

/**
 * The system's information about processes. Deno refuses to read `/proc`, whatever the permission.
 */
interface Processes extends Disposable {
  readonly commandOf: (pid: number) => string | undefined;
  readonly parentOf: (pid: number) => number | undefined;
  readonly statusOf: (pid: number) => string | undefined;
}

const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

/** Opens that information; undefined on systems without `/proc`, and without the permission. */
function openProcesses(): Processes | undefined {
  if (Deno.build.os !== "linux") return undefined;
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return undefined;
  const library = Deno.dlopen("libc.so.6", SYMBOLS);
  const { symbols } = library;
  const text = (pid: number, name: string) => {
    const descriptor = symbols.open(new TextEncoder().encode(`/proc/${pid}/${name}\0`), 0);
    if (descriptor < 0) return undefined;
    const bytes = new Uint8Array(4096);
    const length = Number(symbols.read(descriptor, bytes, BigInt(bytes.length)));
    symbols.close(descriptor);
    return new TextDecoder().decode(bytes.subarray(0, Math.max(length, 0)));
  };
  return {
    commandOf: (pid) => text(pid, "cmdline")?.replaceAll("\0", " "),
    parentOf(pid) {
      const parent = /^PPid:\s*(\d+)$/m.exec(text(pid, "status") ?? "")?.[1];
      return parent === undefined ? undefined : Number(parent);
    },
    statusOf: (pid) => text(pid, "status"),
    [Symbol.dispose]: () => library.close(),
  };
}
