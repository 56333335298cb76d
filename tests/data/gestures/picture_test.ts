import assert from "node:assert/strict";
import { pictureLayers, randomLight, randomPlacement } from "../../../src/data/gestures/picture.ts";
import { GESTURES_RECIPE } from "../../../src/data/gestures/recipe.ts";
import { randomStream } from "../../../src/random.ts";

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

const RANGES = { handSize: [0.5, 0.9], turn: 20 } as const;

Deno.test("randomPlacement() keeps a hand on the picture, within the recipe's sizes and turns", () => {
  const random = randomStream("placement");
  for (let n = 0; n < 1000; n++) {
    const { size, centre, degrees } = randomPlacement(random, RANGES);
    assert.ok(size >= 0.5 && size <= 0.9);
    assert.ok(Math.abs(degrees) <= 20);
    for (const coordinate of centre) {
      assert.ok(coordinate - size / 2 >= -1e-12 && coordinate + size / 2 <= 1 + 1e-12);
    }
  }
});

Deno.test("randomPlacement() uses the whole range of places, sizes and turns, and both hands", () => {
  const random = randomStream("spread");
  const placements = Array.from({ length: 1000 }, () => randomPlacement(random, RANGES));
  const spread = (of: (placement: typeof placements[number]) => number) => {
    const values = placements.map(of);
    return Math.max(...values) - Math.min(...values);
  };
  assert.ok(spread(({ size }) => size) > 0.39);
  assert.ok(spread(({ degrees }) => degrees) > 39);
  assert.ok(spread(({ centre }) => centre[0]) > 0.4);
  assert.ok(spread(({ centre }) => centre[1]) > 0.4);
  const mirrored = placements.filter((placement) => placement.mirrored).length;
  assert.ok(mirrored > 400 && mirrored < 600);
});

Deno.test("randomPlacement() with a single size and no turn puts the hand in the middle", () => {
  const placement = randomPlacement(randomStream(1), { handSize: [1, 1], turn: 0 });
  assert.deepEqual(placement.centre, [0.5, 0.5]);
  assert.equal(Math.abs(placement.degrees), 0);
});

Deno.test("randomLight() never hides the hand", () => {
  const random = randomStream("light");
  for (let n = 0; n < 1000; n++) {
    const { degrees, highlight, shadow } = randomLight(random);
    assert.ok(degrees >= 0 && degrees < 360);
    assert.ok(highlight >= 0 && highlight < 0.5);
    assert.ok(shadow >= 0 && shadow < 0.5);
  }
});
