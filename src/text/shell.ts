/**
 * Shell commands that can be pasted as they are.
 *
 * @module
 */

/** The command that starts a task of this project on a machine with only Node.js and npm. */
export const TASK = "npx --yes deno@2.9.6 task";

/** A text of any characters, quoted as one word of a shell's command line. */
export function shellWord(word: string): string {
  if (/^[\w./:@,+-][\w./:=@,+-]*$/.test(word)) return word;
  if (!/\p{Cc}/u.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  // Terminals and reports cannot contain raw control characters.
  return `$'${word.replace(/[\\']/g, "\\$&").replace(/\p{Cc}/gu, octal)}'`;
}

function octal(character: string): string {
  const bytes = new TextEncoder().encode(character);
  return [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
