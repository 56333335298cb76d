/**
 * Prints a digest of the picture of each letter given as an argument; with `own-fonts` as the first
 * argument with the project's font, with `machine-fonts` only with those of the machine.
 */
import { Buffer } from "node:buffer";
import sharp from "sharp";
import { FONT } from "../../src/plots/theme.ts";
import { svgToPng } from "../../src/plots/render.ts";

const [fonts, ...letters] = Deno.args;
for (const letter of letters) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">` +
    `<text x="5" y="30" font-size="24" font-family="${FONT}">${letter}</text></svg>`;
  const png = fonts === "own-fonts"
    ? await svgToPng(svg)
    : await sharp(Buffer.from(svg)).toBuffer();
  const pixels = await sharp(png).ensureAlpha().raw().toBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(pixels)));
  console.log(digest.toHex());
}
