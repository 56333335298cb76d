import { fromFileUrl, relative, resolve } from "@std/path";

/** The folder of this project, where its tasks run. */
export const PROJECT = fromFileUrl(new URL("../..", import.meta.url));

/** A path for messages and outputs; a path inside this project is the same on every machine. */
export function nameInProject(path: string): string {
  const absolute = resolve(path);
  const name = relative(PROJECT, absolute);
  return /^\.\.(?=[/\\]|$)/.test(name) ? absolute : name || ".";
}
