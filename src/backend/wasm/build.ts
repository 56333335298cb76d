/**
 * Compiles the AssemblyScript sources of the kernels to `kernels.wasm`.
 *
 * @module
 */
import asc from "assemblyscript/asc";
import { fromFileUrl, join } from "@std/path";

const FOLDER = fromFileUrl(new URL(".", import.meta.url));

/** The compiled kernels; committed, so that using them needs no compiler. */
export const KERNELS_FILE = join(FOLDER, "kernels.wasm");

/**
 * Compiles `assembly/index.ts`.
 *
 * @returns the bytes of the module
 * @throws {Error} with the compiler's own messages
 */
export async function compileKernels(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    "index.ts",
    "--baseDir=" + join(FOLDER, "assembly"),
    "--outFile=kernels.wasm",
    "-O3",
    "--noAssert",
    "--runtime=stub",
    "--enable=simd,relaxed-simd,threads,bulk-memory",
    "--importMemory",
    "--sharedMemory",
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
  await Deno.writeFile(KERNELS_FILE, await compileKernels());
}
