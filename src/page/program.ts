/**
 * The page's program, bundled from `browser/` with everything it imports.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

const ENTRY = fromFileUrl(new URL("./browser/main.ts", import.meta.url));
const CONFIGURATION = fromFileUrl(new URL("../../deno.json", import.meta.url));

/**
 * Bundles the program into one JavaScript module without imports, by `deno bundle`. The first time,
 * Deno downloads its bundler from npm's registry.
 *
 * @throws {Error} if it cannot be bundled; gives the reason
 */
export async function bundledProgram(): Promise<string> {
  const options = ["--quiet", "--platform=browser", "--minify", `--config=${CONFIGURATION}`];
  const bundler = new Deno.Command(Deno.execPath(), { args: ["bundle", ...options, ENTRY] });
  const { success, stdout, stderr } = await bundler.output();
  // HTML parsers normalise line ends, and the policy's digest is of the normalised text.
  if (success) return new TextDecoder().decode(stdout).replaceAll(/\r\n?/g, "\n");
  const reason = new TextDecoder().decode(stderr).trim().replaceAll(/\s*\n\s*/g, " ");
  throw new Error(
    `the page's program cannot be bundled (${reason}); the first time, Deno downloads its bundler ` +
      "from npm's registry, which has to be reachable",
  );
}
