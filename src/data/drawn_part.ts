/**
 * Drawing a fixed part of a category's pictures. Pure.
 *
 * @module
 */
import { randomStream } from "../random.ts";

/**
 * Draws a part of the pictures of one category. The draw depends only on the purpose and on the
 * names of category and pictures, not on a training's seed or on other categories. A picture added
 * later moves at most one other.
 *
 * @param purpose tells one draw from another
 * @param share in (0, 1); with two or more pictures, at least one is drawn and at least one is left
 * @returns the drawn names
 */
export function drawnPart(
  purpose: string,
  category: string,
  names: readonly string[],
  share: number,
): Set<string> {
  const drawn = names.map((name) => ({ name, draw: randomStream(purpose, category, name)() }));
  drawn.sort((a, b) => a.draw - b.draw || (a.name < b.name ? -1 : 1));
  const count = Math.round(share * names.length);
  const kept = Math.min(Math.max(count, 1), names.length - 1);
  return new Set(drawn.slice(0, kept).map(({ name }) => name));
}
