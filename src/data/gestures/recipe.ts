/**
 * The embedded data set, hand gestures made from emoji on this machine: the number of pictures, and
 * the drawing on each.
 *
 * @module
 */
import { type Artist, ARTISTS, SKIN_TONES, type SkinTone } from "./artists.ts";
import type { EmbeddedDataset } from "../catalogue_entry.ts";
import { categoriesOf, type CategoryGroups } from "../categories.ts";

/**
 * The groups; a gesture has the Unicode name of its emoji, with hyphens. As in the article's split
 * of Imagenette, four are known, three unknown and three unseen.
 */
export const GESTURE_GROUPS: CategoryGroups = {
  known: ["ok-hand", "raised-fist", "raised-hand", "thumbs-up"],
  unknown: ["call-me-hand", "index-pointing-up", "victory-hand"],
  unseen: ["crossed-fingers", "thumbs-down", "vulcan-salute"],
};

/** The recipe of the data set; equal recipes make equal pictures. */
export interface Recipe {
  /** Raised with every code change that changes pictures. */
  readonly version: number;
  /** Seed of every random choice. */
  readonly seed: number;
  /** Side of the pictures in pixels. */
  readonly size: number;
  /** Training pictures of each gesture. */
  readonly train: Readonly<Record<"known" | "unknown", number>>;
  /** Test pictures of each gesture. */
  readonly test: number;
  /** Shortest and longest allowed longer side of a hand, as fractions of the picture's side. */
  readonly handSize: readonly [number, number];
  /** Largest turn of a hand either way, in degrees. */
  readonly turn: number;
  /** Fewest and most pixels on a background's side, as fractions of the picture's side. */
  readonly backgroundDetail: readonly [number, number];
}

/**
 * The recipe of `data/gestures`: learnable in five epochs at 64 pixels, and small enough that all
 * four experiments take three minutes.
 */
export const GESTURES_RECIPE: Recipe = {
  version: 1,
  seed: 1,
  size: 128,
  train: { known: 210, unknown: 100 },
  test: 50,
  handSize: [0.88, 0.97],
  turn: 8,
  backgroundDetail: [0.12, 0.3],
};

/** The data set. Its pictures are made if they are missing or from another recipe. */
export const GESTURES: EmbeddedDataset = {
  name: "gestures",
  title: "Gestures",
  groups: GESTURE_GROUPS,
  categoryNames: Object.fromEntries(
    categoriesOf(GESTURE_GROUPS).map((gesture) => [gesture, gesture.replaceAll("-", " ")]),
  ),
  build: async (folder, progress) => {
    const { buildGestures } = await import("./build.ts");
    await buildGestures(folder, GESTURES_RECIPE, progress?.("drawing gestures", "pictures"));
  },
};

/** One artist's drawing of a gesture in a skin tone. */
export interface DrawingName {
  readonly artist: Artist;
  readonly gesture: string;
  readonly tone: SkinTone;
}

/** One picture to make. */
export interface PlannedPicture {
  /** Path in the data set's folder: `<split>/<gesture>/<artist>-<tone>-<number>.jpg`. */
  readonly path: string;
  readonly drawing: DrawingName;
}

/**
 * The pictures of a recipe. The drawings of a split take turns, so the numbers of pictures of a
 * gesture's drawings differ by at most one.
 */
export function plannedPictures({ train, test }: Recipe): PlannedPicture[] {
  const { known, unknown } = GESTURE_GROUPS;
  return [
    ...known.flatMap((gesture) => picturesOf("train", gesture, train.known)),
    ...unknown.flatMap((gesture) => picturesOf("train", gesture, train.unknown)),
    ...categoriesOf(GESTURE_GROUPS).flatMap((gesture) => picturesOf("val", gesture, test)),
  ];
}

function picturesOf(split: "train" | "val", gesture: string, count: number): PlannedPicture[] {
  const drawings = drawingsOf(split, gesture);
  const digits = String(count - 1).length;
  return Array.from({ length: count }, (_, n) => {
    const drawing = drawings[n % drawings.length]!;
    const number = String(n).padStart(digits, "0");
    const file = `${drawing.artist.name}-${drawing.tone}-${number}.jpg`;
    return { path: `${split}/${gesture}/${file}`, drawing };
  });
}

/**
 * A third of the drawings is for testing: two tones of each artist, and two other tones of the
 * next. Both splits thus have every artist and every tone, but no drawing is in both.
 */
function drawingsOf(split: "train" | "val", gesture: string): DrawingName[] {
  return ARTISTS.flatMap((artist, a) =>
    SKIN_TONES
      .filter((_, t) => ((t - a) % 3 === 0) === (split === "val"))
      .map((tone) => ({ artist, gesture, tone }))
  );
}
