import { Buffer } from "node:buffer";
import sharp from "sharp";
import type { Picture } from "../data/resize.ts";
import { provideFonts } from "../plots/fonts.ts";
import { shortened } from "../plots/matrix_cells.ts";
import { escapedHtml } from "../text/escaped_text.ts";
import { DISPLAY, type Displayable } from "./show.ts";

/** Pictures, each with what is written below it. */
type Rows = readonly (readonly { readonly label: string; readonly picture: Picture }[])[];

/**
 * Rows of pictures as one PNG, under a title. Every picture is fitted into a square cell; those that are smaller
 * are enlarged so that their pixels stay visible.
 *
 * @param cell side of a cell in pixels
 * @throws {RangeError} if there is no picture.
 */
export function imageGrid(title: string, rows: Rows, cell = 160): Displayable {
  if (!rows.some((row) => row.length > 0)) {
    throw new RangeError(`"${title}": there is no picture to show`);
  }
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
  const shown = shortened(content, Math.floor(width / (FONT_SIZE * LETTER_WIDTH)));
  return `<text x="${x}" y="${y}" ${style}>${escapedHtml(shown)}</text>`;
}
