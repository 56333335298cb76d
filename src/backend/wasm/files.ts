/**
 * Paths of the compiled kernels, which are committed, so that using them needs no compiler.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

/** For Deno. */
export const DENO_KERNELS: string = fromFileUrl(new URL("./kernels.wasm", import.meta.url));

/** For web pages. */
export const WEB_PAGE_KERNELS: string = fromFileUrl(
  new URL("./page_kernels.wasm", import.meta.url),
);
