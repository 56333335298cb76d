/**
 * Commands for a shell, to be pasted as they stand.
 *
 * @module
 */

/** What starts a task of this project where there is nothing but Node.js and npm. */
export const TASK = "npx --yes deno@2.9.6 task";

/** One word of a shell's command line, whatever is in it. */
export function shellWord(word: string): string {
  if (/^[\w./:@,+-][\w./:=@,+-]*$/.test(word)) return word;
  if (!/\p{Cc}/u.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  // No terminal and no report takes control characters as they are.
  return `$'${word.replace(/[\\']/g, "\\$&").replace(/\p{Cc}/gu, octal)}'`;
}

function octal(character: string): string {
  const bytes = new TextEncoder().encode(character);
  return [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
