/**
 * One picture as SVG: a drawn hand in some light, in front of a background. Pure.
 *
 * @module
 */
import { randomStream } from "../../random.ts";
import { randomBackground } from "./background.ts";
import type { Drawing } from "./drawings.ts";
import type { Recipe } from "./recipe.ts";
import { svgDocument, svgNumber as number } from "./svg.ts";

/** The layers of a picture. */
export interface PictureLayers {
  /**
   * An opaque SVG document. It has fewer pixels than the picture, so it is out of focus when
   * enlarged.
   */
  readonly background: string;
  /** An SVG document of the picture's size, drawn over the background. */
  readonly foreground: string;
}

/**
 * Draws a picture.
 *
 * @param path of the picture in the data set's folder; every random choice depends only on it and
 * on the recipe's seed
 */
export function pictureLayers(path: string, drawing: Drawing, recipe: Recipe): PictureLayers {
  const { seed, size, backgroundDetail: [least, most] } = recipe;
  const random = (what: string) => randomStream("gestures", what, seed, path);
  const detail = least + (most - least) * random("focus")();
  const background = randomBackground(random("background"), size);
  const hand = placed(drawing, randomPlacement(random("placement"), recipe), size);
  const light = lit(randomLight(random("light")), size);
  return {
    background: svgDocument(Math.round(detail * size), background, size),
    foreground: svgDocument(size, hand + light),
  };
}

/**
 * Places a hand anywhere inside the picture; only the corners of a turned one may stick out.
 *
 * @returns the hand's longer side and its centre, in fractions of the picture's side; its turn to
 * the right; and whether it is mirrored
 */
export function randomPlacement(
  random: () => number,
  { handSize: [shortest, longest], turn }: Pick<Recipe, "handSize" | "turn">,
) {
  const size = shortest + (longest - shortest) * random();
  const coordinate = () => size / 2 + (1 - size) * random();
  return {
    size,
    centre: [coordinate(), coordinate()] as const,
    degrees: turn * (2 * random() - 1),
    mirrored: random() < 0.5,
  };
}

/**
 * Random light from any side, from none to strong.
 *
 * @returns the direction it comes from (0 is the left, 90 the top), and how far the near edge is
 * whitened and the far one blackened, in [0, 1]
 */
export function randomLight(random: () => number) {
  return { degrees: 360 * random(), highlight: 0.18 * random(), shadow: 0.28 * random() };
}

function placed(
  { body, left, top, width, height }: Drawing,
  { centre: [x, y], size: fraction, degrees, mirrored }: ReturnType<typeof randomPlacement>,
  size: number,
): string {
  const scale = fraction * size / Math.max(width, height);
  return `<g transform="translate(${number(x * size)} ${number(y * size)}) ` +
    `rotate(${number(degrees)}) scale(${number(mirrored ? -scale : scale)} ${number(scale)}) ` +
    `translate(${number(-left - width / 2)} ${number(-top - height / 2)})">${body}</g>`;
}

function lit({ degrees, highlight, shadow }: ReturnType<typeof randomLight>, size: number): string {
  return `<linearGradient id="light" gradientTransform="rotate(${number(degrees)} 0.5 0.5)">` +
    `<stop offset="0" stop-color="white" stop-opacity="${number(highlight)}"/>` +
    `<stop offset="0.5" stop-color="white" stop-opacity="0"/>` +
    `<stop offset="0.5" stop-color="black" stop-opacity="0"/>` +
    `<stop offset="1" stop-color="black" stop-opacity="${number(shadow)}"/></linearGradient>` +
    `<rect width="${size}" height="${size}" fill="url(#light)"/>`;
}
