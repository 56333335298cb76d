/**
 * The losses of a running training, redrawn every second: handwritten SVG, which takes no time, in
 * a frame of constant size.
 *
 * @module
 */
import { escapedHtml } from "../text/escaped_text.ts";
import { FONT } from "./theme.ts";

/** A loss at a time of the training, counted in epochs from its start. */
export type LossPoint = readonly [epoch: number, loss: number];

/** The data of the curves. */
export interface LiveCurves {
  /** Number of epochs over all phases. */
  readonly epochs: number;
  /** Training losses after each step, in order. */
  readonly training: readonly LossPoint[];
  /** Validation losses after each epoch. */
  readonly validation: readonly LossPoint[];
}

const WIDTH = 480;
const HEIGHT = 150;
const LEFT = 44;
const TOP = 10;
const BOTTOM = 22;
/**
 * The largest number of points drawn; more would be finer than a pixel and make the output large.
 */
const DRAWN_POINTS = 200;

/** The training loss as a line and the validation losses as dots, from 0 up, as an SVG. */
export function liveCurvesSvg({ epochs, training, validation }: LiveCurves): string {
  const highest = Math.max(...[...training, ...validation].map(([, loss]) => loss), 1e-6);
  const x = (epoch: number) => (LEFT + epoch / epochs * (WIDTH - LEFT - 8)).toFixed(1);
  const y = (loss: number) =>
    (HEIGHT - BOTTOM - loss / highest * (HEIGHT - BOTTOM - TOP)).toFixed(1);
  const every = Math.ceil(training.length / DRAWN_POINTS);
  const drawn = training.filter((_, index) => index % every === 0 || index === training.length - 1);
  const path = drawn.map(([epoch, loss]) => `${x(epoch)},${y(loss)}`).join(" ");
  const dots = validation.map(([epoch, loss]) =>
    `<circle cx="${x(epoch)}" cy="${y(loss)}" r="3.5" fill="#d55e00"/>`
  );
  const text = (at: string, content: string) => `<text ${at}>${escapedHtml(content)}</text>`;
  const floor = y(0);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" ` +
    `font-family="${FONT}" font-size="11" fill="#222222">` +
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>` +
    `<path d="M${LEFT},${TOP}V${floor}H${WIDTH - 8}" fill="none" stroke="#999999"/>` +
    text(`x="${LEFT - 4}" y="${TOP + 8}" text-anchor="end"`, highest.toFixed(2)) +
    text(`x="${LEFT - 4}" y="${floor}" text-anchor="end"`, "0") +
    text(`x="${LEFT}" y="${HEIGHT - 7}"`, "loss in training (line), validation (dots)") +
    text(`x="${WIDTH - 8}" y="${HEIGHT - 7}" text-anchor="end"`, `${epochs} epochs`) +
    `<polyline points="${path}" fill="none" stroke="#0072b2" stroke-width="1.5"/>` +
    `${dots.join("")}</svg>`;
}
