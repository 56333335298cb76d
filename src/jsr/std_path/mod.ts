/**
 * Stands in for `jsr:@std/path` on machines that cannot reach JSR (see `links` in `deno.json`).
 *
 * Re-exports the names this project uses from Node's own modules; deleting the `links` line of
 * `deno.json` brings back the published package.
 *
 * @module
 */
export { basename, dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
export { fileURLToPath as fromFileUrl, pathToFileURL as toFileUrl } from "node:url";
