import assert from "node:assert/strict";
import { pictureLayers } from "../../../src/data/gestures/picture.ts";
import { GESTURES_RECIPE } from "../../../src/data/gestures/recipe.ts";

const DRAWING = { body: '<path id="hand"/>', left: 10, top: 20, width: 40, height: 30 };
const PATH = "train/ok-hand/noto-dark-000.jpg";

Deno.test("pictureLayers() depends on the path and the seed, and on nothing else", () => {
  const layers = pictureLayers(PATH, DRAWING, GESTURES_RECIPE);
  assert.deepEqual(pictureLayers(PATH, DRAWING, GESTURES_RECIPE), layers);
  for (
    const others of [
      pictureLayers("train/ok-hand/noto-dark-020.jpg", DRAWING, GESTURES_RECIPE),
      pictureLayers(PATH, DRAWING, { ...GESTURES_RECIPE, seed: 2 }),
    ]
  ) {
    assert.notEqual(others.background, layers.background);
    assert.notEqual(others.foreground, layers.foreground);
  }
});

Deno.test("pictureLayers() scales a drawing's longer side and puts its centre in place", () => {
  const recipe = { ...GESTURES_RECIPE, size: 200, handSize: [1, 1], turn: 0 } as const;
  const { foreground } = pictureLayers(PATH, DRAWING, recipe);
  // 40 units become 200 pixels; the drawing's centre 30,35 comes to the picture's 100,100.
  assert.match(
    foreground,
    /translate\(100\.000 100\.000\) rotate\(-?0\.000\) scale\(-?5\.000 5\.000\) translate\(-30\.000 -35\.000\)"><path id="hand"/,
  );
});

Deno.test("pictureLayers() draws the background on fewer pixels, as the recipe says", () => {
  const recipe = { ...GESTURES_RECIPE, size: 100, backgroundDetail: [0.25, 0.25] } as const;
  const { background, foreground } = pictureLayers(PATH, DRAWING, recipe);
  assert.match(background, /width="25" height="25" viewBox="0 0 100 100"/);
  assert.match(foreground, /width="100" height="100" viewBox="0 0 100 100"/);
});
