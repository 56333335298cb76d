/**
 * Where the hand is on a picture, and where the light comes from. Pure.
 *
 * @module
 */
import type { Recipe } from "./recipe.ts";

/** Where and how a hand is; lengths are fractions of the picture's side. */
export interface Placement {
  /** Centre of the hand, from the left and from the top. */
  readonly centre: readonly [number, number];
  /** The hand's longer side. */
  readonly size: number;
  /** Turn to the right. */
  readonly degrees: number;
  /** Whether a right hand becomes a left one. */
  readonly mirrored: boolean;
}

/** Light on the whole picture, from one side. */
export interface Light {
  /** Where it comes from: 0 is the left, 90 the top. */
  readonly degrees: number;
  /** How far the edge towards it is whitened, in [0, 1]. */
  readonly highlight: number;
  /** How far the edge away from it is blackened, in [0, 1]. */
  readonly shadow: number;
}

/** Places a hand anywhere where it is on the picture whole, but for the corners of a turned one. */
export function randomPlacement(
  random: () => number,
  { handSize: [shortest, longest], turn }: Pick<Recipe, "handSize" | "turn">,
): Placement {
  const size = shortest + (longest - shortest) * random();
  const coordinate = () => size / 2 + (1 - size) * random();
  return {
    size,
    centre: [coordinate(), coordinate()],
    degrees: turn * (2 * random() - 1),
    mirrored: random() < 0.5,
  };
}

/** Light from any side, from none to strong. */
export function randomLight(random: () => number): Light {
  return { degrees: 360 * random(), highlight: 0.18 * random(), shadow: 0.28 * random() };
}
