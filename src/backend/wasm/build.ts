/**
 * Compiles the AssemblyScript sources of the kernels, for Deno and for web pages.
 *
 * @module
 */
import asc from "assemblyscript/asc";
import { fromFileUrl, join } from "@std/path";
import { DENO_KERNELS, WEB_PAGE_KERNELS } from "./files.ts";

const FOLDER = fromFileUrl(new URL(".", import.meta.url));

/** A target of compiled kernels, which determines the WebAssembly features they may use. */
export interface KernelTarget {
  /** The compiled kernels. */
  readonly file: string;
  /** Options of the compiler. */
  readonly options: readonly string[];
}

/** In Deno: threads over one shared memory, and fused multiply-add. */
export const DENO: KernelTarget = {
  file: DENO_KERNELS,
  options: ["--enable=simd,relaxed-simd,threads,bulk-memory", "--sharedMemory"],
};

/**
 * In a web page opened from a file: memory cannot be shared there, and not every browser fuses
 * multiply-add.
 */
export const WEB_PAGE: KernelTarget = {
  file: WEB_PAGE_KERNELS,
  options: ["--enable=simd,bulk-memory"],
};

/**
 * Compiles `assembly/index.ts`.
 *
 * @returns the bytes of the module
 * @throws {Error} with the compiler's own messages
 */
export async function compileKernels({ options }: KernelTarget): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    "index.ts",
    "--baseDir=" + join(FOLDER, "assembly"),
    "--outFile=kernels.wasm",
    "-O3",
    "--noAssert",
    "--runtime=stub",
    ...options,
    "--importMemory",
    "--initialMemory=16",
    "--maximumMemory=65536",
  ], {
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") binary = contents;
    },
  });
  if (error || !binary) throw new Error(`the kernels do not compile:\n${stderr.toString()}`);
  return binary;
}

if (import.meta.main) {
  for (const target of [DENO, WEB_PAGE]) {
    await Deno.writeFile(target.file, await compileKernels(target));
  }
}
