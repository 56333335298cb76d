/**
 * The background behind the hand, as SVG. Pure.
 *
 * Backgrounds come in many kinds, but only in colours that no hand here has, because a network
 * trained from scratch must find the hands within a few hundred steps. Neither kind nor colour
 * depends on the gesture.
 *
 * @module
 */
import { svgNumber as number } from "./svg.ts";

type Random = () => number;

/** Each is drawn over one colour, on the square from 0,0 to `side`,`side`. */
const KINDS: readonly ((random: Random, side: number) => string)[] = [
  gradient,
  stripes,
  tiles,
  blobs,
  texture,
  clutter,
];

/**
 * Draws a background of any kind; equal streams give equal ones. The only identifier in it is
 * `background`.
 *
 * @param side of the filled square
 */
export function randomBackground(random: Random, side: number): string {
  return rectangle(0, 0, side, side, randomColour(random)) + oneOf(random, KINDS)(random, side);
}

/** A gradient of three colours, along a line or around a point. */
function gradient(random: Random, side: number): string {
  const stops = [0, 0.5, 1]
    .map((offset) => `<stop offset="${offset}" stop-color="${randomColour(random)}"/>`)
    .join("");
  const [x, y] = [number(random()), number(random())];
  const paint = random() < 0.5
    ? `<radialGradient id="background" cx="${x}" cy="${y}" r="0.9">${stops}</radialGradient>`
    : `<linearGradient id="background" gradientTransform="rotate(${angle(random)} 0.5 0.5)">` +
      `${stops}</linearGradient>`;
  return painted(paint, side);
}

/** Stripes of three colours in any direction. */
function stripes(random: Random, side: number): string {
  const width = between(random, [0.04, 0.2]) * side;
  const content = [0, 1, 2].map((n) =>
    rectangle(n * width, 0, width, 3 * width, randomColour(random))
  ).join("");
  return pattern(random, side, 3 * width, content);
}

/** A chequerboard, or dots in its place. */
function tiles(random: Random, side: number): string {
  const width = between(random, [0.05, 0.2]) * side;
  const colour = randomColour(random);
  const radius = random() < 0.5 ? width / 2 : 0;
  const [first, second] = [0, width].map((at) => rectangle(at, at, width, width, colour, radius));
  return pattern(random, side, 2 * width, `${first}${second}`);
}

/** Large, soft, overlapping shapes. */
function blobs(random: Random, side: number): string {
  const radius = () => number(between(random, [0.1, 0.4]) * side);
  return several(
    random,
    [4, 10],
    () =>
      `<ellipse cx="${number(random() * side)}" cy="${number(random() * side)}" rx="${radius()}" ` +
      `ry="${radius()}" fill="${randomColour(random)}" ` +
      `opacity="${number(between(random, [0.4, 1]))}"/>`,
  );
}

/** Clouds, marble or bark: Perlin noise in three colours. */
function texture(random: Random, side: number): string {
  const frequency = () => number(between(random, [1.5, 12]) / side);
  const [kind, offset] = oneOf(random, [["turbulence", 0], ["fractalNoise", -0.5]] as const);
  const seed = Math.floor(random() * 2 ** 16);
  const colours = [randomRgb(random), randomRgb(random), randomRgb(random)];
  const tables = ["R", "G", "B"].map((channel, c) => {
    const values = colours.map((colour) => number(colour[c]!)).join(" ");
    return `<feFunc${channel} type="table" tableValues="${values}"/>`;
  });
  // One channel's noise, stretched to the full range, chooses the colour.
  const choose = `2 0 0 0 ${offset} `.repeat(3);
  return `<filter id="background" x="0" y="0" width="1" height="1" ` +
    `color-interpolation-filters="sRGB">` +
    `<feTurbulence type="${kind}" baseFrequency="${frequency()} ${frequency()}" ` +
    `numOctaves="3" seed="${seed}"/><feColorMatrix values="${choose}0 0 0 0 1"/>` +
    `<feComponentTransfer>${tables.join("")}</feComponentTransfer></filter>` +
    `<rect width="${side}" height="${side}" filter="url(#background)"/>`;
}

/** Small shapes all over the square. */
function clutter(random: Random, side: number): string {
  const length = () => between(random, [0.05, 0.3]) * side;
  return several(random, [10, 25], () => {
    const [width, height] = [length(), length()];
    const [w, h] = [number(width / 2), number(height / 2)];
    const shape = oneOf(random, [
      rectangle(-width / 2, -height / 2, width, height, randomColour(random)),
      `<ellipse rx="${w}" ry="${h}" fill="${randomColour(random)}"/>`,
      `<path d="M-${w} ${h}H${w}L0 -${h}Z" fill="${randomColour(random)}"/>`,
      `<path d="M-${w} 0Q0 ${h} ${w} 0" fill="none" stroke="${randomColour(random)}" ` +
      `stroke-width="${number(0.03 * side)}"/>`,
    ]);
    const place = `${number(random() * side)} ${number(random() * side)}`;
    return `<g transform="translate(${place}) rotate(${angle(random)})">${shape}</g>`;
  });
}

function pattern(random: Random, side: number, period: number, content: string): string {
  const length = number(period);
  const paint = `<pattern id="background" width="${length}" height="${length}" ` +
    `patternUnits="userSpaceOnUse" patternTransform="rotate(${angle(random)})">` +
    `${content}</pattern>`;
  return painted(paint, side);
}

function painted(paint: string, side: number): string {
  return `${paint}<rect width="${side}" height="${side}" fill="url(#background)"/>`;
}

function rectangle(
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
  radius = 0,
): string {
  return `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" ` +
    `height="${number(height)}" rx="${number(radius)}" fill="${colour}"/>`;
}

function several(random: Random, range: readonly [number, number], draw: () => string): string {
  return Array.from({ length: Math.floor(between(random, range)) }, draw).join("");
}

function randomColour(random: Random): string {
  return `rgb(${randomRgb(random).map((part) => Math.round(255 * part)).join(", ")})`;
}

/**
 * Red, green and blue in [0, 1], with a hue from green through blue to purple.
 *
 * Source: the conversion from HSL of CSS Color Module Level 4, section 7.1.
 */
function randomRgb(random: Random): readonly [number, number, number] {
  const hue = between(random, [100, 320]);
  const lightness = between(random, [0.3, 0.7]);
  const chroma = between(random, [0.2, 0.7]) * Math.min(lightness, 1 - lightness);
  const part = (n: number) => {
    const k = (n + hue / 30) % 12;
    return lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return [part(0), part(8), part(4)];
}

function angle(random: Random): string {
  return number(360 * random());
}

function between(random: Random, [low, high]: readonly [number, number]): number {
  return low + (high - low) * random();
}

function oneOf<T>(random: Random, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)]!;
}
