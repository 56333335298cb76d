import { Buffer } from "node:buffer";
import sharp from "sharp";
import type { Picture } from "../data/resize.ts";
import { provideFonts } from "../plots/fonts.ts";
import { shortened } from "../plots/matrix_cells.ts";
import { escapedHtml } from "../text/escaped_text.ts";
import { DISPLAY, type Displayable, paragraph } from "./show.ts";

/** A picture with the text below it. */
export interface CaptionedPicture {
  readonly label: string;
  readonly picture: Picture;
}

type Rows = readonly (readonly CaptionedPicture[])[];

/** Pictures in each row. */
const COLUMNS = 3;

/**
 * Pictures in rows of three as one PNG, under a title; a sentence if there are none. Every picture
 * is fitted into a square cell; smaller ones are enlarged so that their pixels stay visible.
 *
 * @param cell side of a cell in pixels
 */
export function imageGrid(
  title: string,
  pictures: readonly CaptionedPicture[],
  cell = 160,
): Displayable {
  if (pictures.length === 0) return paragraph(`${title}: there are no pictures.`);
  const rows = Array.from(
    { length: Math.ceil(pictures.length / COLUMNS) },
    (_, row) => pictures.slice(COLUMNS * row, COLUMNS * (row + 1)),
  );
  const labels = rows.map((row) => `  ${row.map(({ label }) => label).join(" | ")}`);
  return {
    [DISPLAY]: async () => ({
      "image/png": (await drawGrid(title, rows, cell)).toString("base64"),
      "text/plain": [`Pictures: ${title}`, ...labels].join("\n"),
    }),
  };
}

const MARGIN = 12;
const TITLE_HEIGHT = 28;
const LABEL_HEIGHT = 24;
const FONT_SIZE = 13;
/** The width of an average letter, in parts of its size. */
const LETTER_WIDTH = 0.62;

async function drawGrid(title: string, rows: Rows, cell: number): Promise<Buffer> {
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

/** The picture centred in a white cell, as a PNG; its longer side is as long as the cell's. */
async function fitted({ pixels, width, height }: Picture, cell: number): Promise<Buffer> {
  const kernel = cell > Math.max(width, height) ? "nearest" : "lanczos3";
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize(cell, cell, { fit: "contain", background: "white", kernel })
    .png()
    .toBuffer();
}

/** A line of text, shortened to the width. */
function text(content: string, x: number, y: number, width: number, style = ""): string {
  const shown = shortened(content, Math.floor(width / (FONT_SIZE * LETTER_WIDTH)));
  return `<text x="${x}" y="${y}" ${style}>${escapedHtml(shown)}</text>`;
}
