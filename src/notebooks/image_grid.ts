/**
 * Pictures side by side as outputs of a notebook.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import sharp from "sharp";
import type { Picture } from "../data/resize.ts";
import { provideFonts } from "../plots/fonts.ts";
import { escapedHtml } from "../text/escaped_text.ts";
import { DISPLAY, type Displayable } from "./show.ts";

/** A picture with what is written below it. */
export interface LabelledPicture {
  readonly label: string;
  readonly picture: Picture;
}

/** Rows of pictures under a common title. */
export interface ImageGrid {
  readonly title: string;
  readonly rows: readonly (readonly LabelledPicture[])[];
}

/**
 * A grid of pictures as one PNG. Every picture is fitted into a square cell; those that are smaller
 * are enlarged so that their pixels stay visible.
 *
 * @param cell side of a cell in pixels
 * @throws {RangeError} if there is no picture.
 */
export function imageGrid(grid: ImageGrid, cell = 160): Displayable {
  if (!grid.rows.some((row) => row.length > 0)) {
    throw new RangeError(`"${grid.title}": there is no picture to show`);
  }
  return {
    async [DISPLAY]() {
      return {
        "image/png": (await drawGrid(grid, cell)).toString("base64"),
        "text/plain": plainText(grid),
      };
    },
  };
}

const MARGIN = 12;
const TITLE_HEIGHT = 28;
const LABEL_HEIGHT = 24;
const FONT_SIZE = 13;
/** The width of an average letter, in parts of its size. */
const LETTER_WIDTH = 0.62;

async function drawGrid({ title, rows }: ImageGrid, cell: number): Promise<Buffer> {
  await provideFonts();
  const columns = Math.max(...rows.map((row) => row.length));
  const width = MARGIN + columns * (cell + MARGIN);
  const height = MARGIN + TITLE_HEIGHT + rows.length * (cell + LABEL_HEIGHT + MARGIN);
  const left = (column: number) => MARGIN + column * (cell + MARGIN);
  const top = (row: number) => MARGIN + TITLE_HEIGHT + row * (cell + LABEL_HEIGHT + MARGIN);
  const texts = [
    text(title, MARGIN, MARGIN + 14, width - 2 * MARGIN, 'font-weight="bold"'),
    ...rows.flatMap((pictures, row) =>
      pictures.map(({ label }, column) => text(label, left(column), top(row) + cell + 17, cell))
    ),
  ];
  const pictures = await Promise.all(
    rows.flatMap((pictures, row) =>
      pictures.map(async ({ picture }, column) => (
        { input: await fitted(picture, cell), left: left(column), top: top(row) }
      ))
    ),
  );
  const letters = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `font-family="DejaVu Sans" font-size="${FONT_SIZE}">${texts.join("")}</svg>`;
  return await sharp({ create: { width, height, channels: 3, background: "white" } })
    .composite([...pictures, { input: Buffer.from(letters), left: 0, top: 0 }])
    .png()
    .toBuffer();
}

/** The picture in the middle of a white cell, as a PNG; its long side is that of the cell. */
async function fitted({ pixels, width, height }: Picture, cell: number): Promise<Buffer> {
  const kernel = cell > Math.max(width, height) ? "nearest" : "lanczos3";
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize(cell, cell, { fit: "contain", background: "white", kernel })
    .png()
    .toBuffer();
}

/** A line of text, shortened to the width. */
function text(content: string, x: number, y: number, width: number, style = ""): string {
  const letters = [...content];
  const fitting = Math.floor(width / (FONT_SIZE * LETTER_WIDTH));
  const shown = letters.length <= fitting
    ? content
    : `${letters.slice(0, fitting - 1).join("")}\u2026`;
  return `<text x="${x}" y="${y}" ${style}>${escapedHtml(shown)}</text>`;
}

function plainText({ title, rows }: ImageGrid): string {
  return [
    `Pictures: ${title}`,
    ...rows.map((row) => `  ${row.map(({ label }) => label).join(" | ")}`),
  ].join("\n");
}
