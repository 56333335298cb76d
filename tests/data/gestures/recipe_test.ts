import assert from "node:assert/strict";
import { ARTISTS, SKIN_TONES } from "../../../src/data/gestures/artists.ts";
import { categoriesOf } from "../../../src/data/categories.ts";
import {
  GESTURE_GROUPS,
  GESTURES,
  GESTURES_RECIPE,
  type PlannedPicture,
  plannedPictures,
} from "../../../src/data/gestures/recipe.ts";

const GESTURE_CATEGORIES = categoriesOf(GESTURE_GROUPS);
const PLAN = plannedPictures(GESTURES_RECIPE);

function partOf({ path }: PlannedPicture): "train" | "val" {
  return path.startsWith("train/") ? "train" : "val";
}

/** An artist's drawing of a gesture in a tone, as text. */
function drawingOf({ drawing: { artist, gesture, tone } }: PlannedPicture): string {
  return `${gesture} ${artist.name} ${tone}`;
}

Deno.test("the gestures have the article's groups: four known, three unknown, three unseen", () => {
  const { known, unknown, unseen } = GESTURE_GROUPS;
  assert.deepEqual([known.length, unknown.length, unseen.length], [4, 3, 3]);
  assert.equal(new Set(GESTURE_CATEGORIES).size, 10);
  assert.equal(GESTURES.categoryNames["thumbs-up"], "thumbs up");
});

Deno.test("every artist has a title, an author, an address and a licence", () => {
  assert.equal(ARTISTS.length, 5);
  for (const artist of ARTISTS) {
    assert.match(artist.version, /^\d+\.\d+\.\d+$/);
    assert.match(artist.source, /^https:\/\//);
    assert.match(artist.licence, /^(Apache-2\.0|CC-BY(-SA)?-4\.0|MIT)$/);
    assert.notEqual(artist.title, "");
    assert.notEqual(artist.author, "");
  }
});

Deno.test("plannedPictures() plans as many pictures as the recipe says, each under its own path", () => {
  const { train, test } = GESTURES_RECIPE;
  const counts = (part: "train" | "val") =>
    GESTURE_CATEGORIES.map((gesture) =>
      PLAN.filter((picture) => partOf(picture) === part && picture.drawing.gesture === gesture)
        .length
    );
  assert.deepEqual(counts("train"), [
    ...Array(4).fill(train.known),
    ...Array(3).fill(train.unknown),
    ...Array(3).fill(0),
  ]);
  assert.deepEqual(counts("val"), Array(10).fill(test));
  assert.equal(new Set(PLAN.map(({ path }) => path)).size, PLAN.length);
});

Deno.test("a picture's path says which drawing is on it", () => {
  for (const { path, drawing: { artist, gesture, tone } } of PLAN) {
    assert.match(
      path,
      new RegExp(`^(train|val)/${gesture}/${artist.name}-${tone}-\\d{2,3}\\.jpg$`),
    );
  }
});

Deno.test("no drawing of the training split is in the test split", () => {
  const trained = new Set(PLAN.filter((p) => partOf(p) === "train").map(drawingOf));
  const tested = new Set(PLAN.filter((p) => partOf(p) === "val").map(drawingOf));
  assert.equal(trained.size, 7 * 20);
  assert.equal(tested.size, 10 * 10);
  assert.deepEqual([...tested].filter((drawing) => trained.has(drawing)), []);
});

Deno.test("both splits of a gesture have every artist and every skin tone", () => {
  for (const part of ["train", "val"] as const) {
    for (const gesture of GESTURE_GROUPS.known) {
      const drawings = PLAN
        .filter((picture) => partOf(picture) === part && picture.drawing.gesture === gesture)
        .map(({ drawing }) => drawing);
      assert.deepEqual(new Set(drawings.map(({ artist }) => artist)), new Set(ARTISTS));
      assert.deepEqual(new Set(drawings.map(({ tone }) => tone)), new Set(SKIN_TONES));
    }
  }
});

Deno.test("the drawings of a split are on equally many pictures", () => {
  const uses = new Map<string, number>();
  for (
    const picture of plannedPictures({
      ...GESTURES_RECIPE,
      train: { known: 30, unknown: 30 },
      test: 15,
    })
  ) {
    const drawing = drawingOf(picture);
    uses.set(drawing, (uses.get(drawing) ?? 0) + 1);
  }
  const counts = [...uses.values()];
  assert.deepEqual([Math.min(...counts), Math.max(...counts)], [1, 2]);
});
