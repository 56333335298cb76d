import {
  adjustLighting,
  type Augmentation,
  trainingDraws,
  transformGeometry,
} from "../data/augment.ts";
import { type Group, GROUPS, type LabelledImage, readableName } from "../data/categories.ts";
import { countByCategory, type Dataset } from "../data/dataset.ts";
import { decodeImage } from "../data/decode.ts";
import { NA } from "../data/labels.ts";
import { padAndResize, type Picture } from "../data/resize.ts";
import { left, right, row, type Table } from "../text/table.ts";
import { count, NO_NUMBER } from "../text/wording.ts";
import { imageGrid } from "./image_grid.ts";
import { type Displayable, paragraph } from "./show.ts";

/** Every category with its group, the correct label, and its numbers of pictures. */
export function categoryTable({ groups, categoryNames, splits }: Dataset): Table {
  const trained = countByCategory(splits.train);
  const tested = countByCategory(splits.test);
  return {
    caption: "The categories",
    columns: [
      ...["group", "category", "correct label"].map(left),
      ...["training pictures", "test pictures"].map(right),
    ],
    rows: [
      ...GROUPS.flatMap((group) =>
        groups[group].map((category) =>
          row(
            group,
            readableName(categoryNames, category),
            group === "known" ? "its name" : NA,
            trained.has(category) ? count(trained.get(category)!) : NO_NUMBER,
            count(tested.get(category) ?? 0),
          )
        )
      ),
      row("", "all", "", count(splits.train.length), count(splits.test.length)),
    ],
  };
}

/** Pictures in each row of a group's grid, and rows. */
const SIDE = 3;

/**
 * Nine test pictures of a group with the names of their categories, which take turns; a sentence if
 * the group has none.
 *
 * @throws {Error} if a picture cannot be read.
 */
export async function groupPictures(dataset: Dataset, group: Group): Promise<Displayable> {
  const images = inTurns(dataset.splits.test.filter((image) => image.group === group), SIDE * SIDE);
  if (images.length === 0) return paragraph(`${dataset.name} has no ${group} pictures.`);
  const labelled = await Promise.all(images.map(async (image) => ({
    label: readableName(dataset.categoryNames, image.category),
    picture: await decodeImage(`${dataset.root}/${image.path}`),
  })));
  const rows = Array.from(
    { length: Math.ceil(images.length / SIDE) },
    (_, row) => labelled.slice(SIDE * row, SIDE * (row + 1)),
  );
  return imageGrid(`${dataset.name}: ${group} categories`, rows);
}

/** Rows of the grid of what the network sees, and augmented copies in each. */
const SHOWN_PICTURES = 3;
const AUGMENTED_COPIES = 3;
/** Side of a shown picture in pixels: a multiple of the sizes of the profiles. */
const INPUT_CELL = 128;

/**
 * Training pictures on their way into the network, from left to right: the file, padded by
 * reflection to a square, resized to the network's input, and augmented as for several epochs.
 *
 * @param size side of the network's input in pixels
 * @throws {Error} if a picture cannot be read.
 */
export async function networkInputs(dataset: Dataset, size: number): Promise<Displayable> {
  const images = inTurns(dataset.splits.train, SHOWN_PICTURES);
  const rows = await Promise.all(images.map(async (image, position) => {
    const original = await decodeImage(`${dataset.root}/${image.path}`);
    const side = Math.max(original.width, original.height);
    const padded = padAndResize(original, side, [0.5, 0.5]);
    const resized = padAndResize(original, size, [0.5, 0.5]);
    const augmented = Array.from({ length: AUGMENTED_COPIES }, (_, epoch) => ({
      label: `augmented ${epoch + 1}`,
      picture: augmentedPicture(original, size, trainingDraws(1, epoch, position)),
    }));
    return [
      { label: readableName(dataset.categoryNames, image.category), picture: original },
      { label: "padded", picture: square(padded, side) },
      { label: `${size} x ${size} pixels`, picture: square(resized, size) },
      ...augmented,
    ];
  }));
  return imageGrid("From the file to the network's input", rows, INPUT_CELL);
}

/** What training makes of a picture, before the normalisation. */
function augmentedPicture(
  original: Picture,
  size: number,
  draws: Augmentation & { readonly padFraction: number },
): Picture {
  const resized = padAndResize(original, size, [draws.padFraction, draws.padFraction]);
  const pixels = new Float32Array(resized.length);
  transformGeometry(resized, size, draws, pixels);
  adjustLighting(pixels, draws);
  return square(Uint8Array.from(pixels, (value) => Math.round(255 * value)), size);
}

function square(pixels: Uint8Array, side: number): Picture {
  return { pixels, width: side, height: side };
}

/**
 * As many pictures as asked for, or all there are: one of each category in turn, in the order of
 * the groups.
 */
function inTurns(images: readonly LabelledImage[], wanted: number): LabelledImage[] {
  const place = (image: LabelledImage) => GROUPS.indexOf(image.group);
  const inOrder = images.toSorted((a, b) => place(a) - place(b));
  const byCategory = [...Map.groupBy(inOrder, ({ category }) => category).values()];
  const turns = Array.from(
    { length: wanted },
    (_, turn) => byCategory.flatMap((pictures) => pictures.slice(turn, turn + 1)),
  );
  return turns.flat().slice(0, wanted);
}
