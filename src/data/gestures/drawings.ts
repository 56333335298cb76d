/**
 * Reads the artists' drawings from their packages.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import sharp from "sharp";
import { messageOf } from "../../files/error_message.ts";
import type { Artist } from "./artists.ts";
import type { DrawingName } from "./recipe.ts";
import { svgDocument } from "./svg.ts";

/** A drawing and its position on its sheet; lengths are in the sheet's units. */
export interface Drawing {
  /** SVG elements. */
  readonly body: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The part of a package's `icons.json` that is read; missing lengths are 16. */
interface IconSet {
  readonly width?: number;
  readonly icons: Readonly<Record<string, { readonly body: string; readonly width?: number }>>;
}

/** Side in pixels of the rendering on which a drawing is measured. */
const MEASURED_SIZE = 96;

/** The opacity from which a pixel counts as ink, in [0, 255]. */
const INK = 128;

/**
 * Reads drawings.
 *
 * @throws {Error} if a package cannot be read or lacks a drawing
 */
export async function readDrawings(
  names: readonly DrawingName[],
): Promise<ReadonlyMap<DrawingName, Drawing>> {
  const drawings = new Map<DrawingName, Drawing>();
  for (const artist of new Set(names.map(({ artist }) => artist))) {
    const { path, set } = await readIconSet(artist);
    for (const name of new Set(names.filter((name) => name.artist === artist))) {
      const icon = set.icons[iconName(name)];
      if (icon === undefined) {
        throw new Error(`${path}: there is no "${iconName(name)}"; ${remedy(artist)}`);
      }
      const sheet = icon.width ?? set.width ?? 16;
      drawings.set(name, { body: icon.body, ...await extent(icon.body, sheet) });
    }
  }
  return drawings;
}

/** The name of a drawing in its artist's package. */
export function iconName({ artist, gesture, tone }: DrawingName): string {
  return tone === "yellow" ? gesture : `${gesture}-${tone}${artist.toneEnding}`;
}

async function readIconSet(artist: Artist): Promise<{ path: string; set: IconSet }> {
  const path = fromFileUrl(import.meta.resolve(`@iconify-json/${artist.name}/icons.json`));
  try {
    return { path, set: JSON.parse(await Deno.readTextFile(path)) };
  } catch (error) {
    throw new Error(`${path}: cannot be read (${messageOf(error)}); ${remedy(artist)}`, {
      cause: error,
    });
  }
}

function remedy({ name }: Artist): string {
  return `run deno install --reload=npm:@iconify-json/${name}`;
}

/** The extent of a drawing's ink. Artists leave different margins around each gesture. */
async function extent(body: string, sheet: number): Promise<Omit<Drawing, "body">> {
  const svg = svgDocument(MEASURED_SIZE, body, sheet);
  const alpha = await sharp(new TextEncoder().encode(svg))
    .ensureAlpha()
    .extractChannel("alpha")
    .raw()
    .toBuffer();
  let [left, top, right, bottom] = [MEASURED_SIZE, MEASURED_SIZE, 0, 0];
  for (let y = 0; y < MEASURED_SIZE; y++) {
    for (let x = 0; x < MEASURED_SIZE; x++) {
      if (alpha[y * MEASURED_SIZE + x]! < INK) continue;
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x + 1);
      bottom = Math.max(bottom, y + 1);
    }
  }
  const unit = sheet / MEASURED_SIZE;
  return {
    left: left * unit,
    top: top * unit,
    width: (right - left) * unit,
    height: (bottom - top) * unit,
  };
}
