/**
 * Tasks of `deno.json` as a person runs them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";

/** The project's folder. */
export const PROJECT = fromFileUrl(new URL("..", import.meta.url));

/** What a task leaves behind. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a task of `deno.json`, with the permissions that it has there. */
export async function task(...args: string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await taskCommand(args).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), error: text(stderr) };
}

/** The process of such a task, not yet started, with these variables besides the usual ones. */
export function taskCommand(args: string[], env: Record<string, string> = {}): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: PROJECT,
    // The proxy refuses all connections: no test of the command line reaches a network.
    env: { NO_COLOR: "1", IMAGENETTE_DIR: "/nowhere", HTTPS_PROXY: "http://127.0.0.1:9", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** That an error is said in one line, as every error of the command line is. */
export function assertOneLine(error: string): void {
  assert.equal(error.trimEnd().split("\n").length, 1, error);
  assert.ok(error.startsWith("error: "), error);
}
