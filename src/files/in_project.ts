import { fromFileUrl, relative, resolve } from "@std/path";

/** The folder of this project, in which its tasks run. */
export const PROJECT = fromFileUrl(new URL("../..", import.meta.url));

/** A path as messages and outputs name it: inside of this project the same on every machine. */
export function nameInProject(path: string): string {
  const absolute = resolve(path);
  const name = relative(PROJECT, absolute);
  return /^\.\.(?=[/\\]|$)/.test(name) ? absolute : name || ".";
}
