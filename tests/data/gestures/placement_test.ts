import assert from "node:assert/strict";
import { randomLight, randomPlacement } from "../../../src/data/gestures/placement.ts";
import { randomStream } from "../../../src/random.ts";

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
