import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import sharp from "sharp";
import { ARTISTS } from "../../../src/data/gestures/artists.ts";
import { type Drawing, iconName, readDrawings } from "../../../src/data/gestures/drawings.ts";
import {
  type DrawingName,
  GESTURES_RECIPE,
  plannedPictures,
} from "../../../src/data/gestures/recipe.ts";
import { svgDocument } from "../../../src/data/gestures/svg.ts";

const [EMOJIONE, FLUENT] = ARTISTS;
const ALL = plannedPictures(GESTURES_RECIPE).map(({ drawing }) => drawing);

Deno.test("iconName() leaves the yellow hand's tone out and ends names as the artist does", () => {
  const gesture = "thumbs-up";
  assert.equal(iconName({ artist: EMOJIONE!, gesture, tone: "yellow" }), "thumbs-up");
  assert.equal(iconName({ artist: EMOJIONE!, gesture, tone: "dark" }), "thumbs-up-dark-skin-tone");
  assert.equal(iconName({ artist: FLUENT!, gesture, tone: "dark" }), "thumbs-up-dark");
});

Deno.test("every drawing of the recipe is in its package, and each is another", async () => {
  const drawings = new Set((await readDrawings(ALL)).values());
  assert.equal(drawings.size, 7 * 30 + 3 * 10);
  assert.equal(new Set([...drawings].map(({ body }) => body)).size, drawings.size);
});

Deno.test("readDrawings() measures where the ink is", async () => {
  const name = ALL.find(({ artist, gesture }) =>
    artist.name === "openmoji" && gesture === "raised-fist"
  )!;
  const drawing = (await readDrawings([name])).get(name)!;
  // Cut to its extent, the drawing touches all four edges.
  const touched = await inkedEdges(drawing);
  assert.deepEqual(touched, { left: true, top: true, right: true, bottom: true });
});

Deno.test("readDrawings() names the package and the drawing that is missing in it", async () => {
  const name: DrawingName = { artist: EMOJIONE!, gesture: "third-thumb", tone: "light" };
  await assert.rejects(
    readDrawings([name]),
    /emojione.*icons\.json: there is no "third-thumb-light-skin-tone".*deno install/,
  );
});

/** At which edges of its extent a drawing has ink within a few hundredths of the size. */
async function inkedEdges({ body, left, top, width, height }: Drawing) {
  const side = 64;
  const moved = `<g transform="scale(${side / width} ${side / height}) ` +
    `translate(${-left} ${-top})">${body}</g>`;
  const alpha = await sharp(Buffer.from(svgDocument(side, moved)))
    .extractChannel("alpha").raw().toBuffer();
  const hasInk = (isNear: (x: number, y: number) => boolean) =>
    alpha.some((value, n) => value > 127 && isNear(n % side, Math.floor(n / side)));
  return {
    left: hasInk((x) => x < 2),
    top: hasInk((_, y) => y < 2),
    right: hasInk((x) => x >= side - 2),
    bottom: hasInk((_, y) => y >= side - 2),
  };
}
