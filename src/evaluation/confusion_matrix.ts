/**
 * Numbers of pictures of each class (rows) with each label (columns): `matrix[actual][predicted]`.
 *
 * @param actual one class per picture, 0 to `classes - 1`
 * @param predicted one label per picture, 0 to `labels - 1`
 * @param classes number of rows
 * @param labels number of columns
 * @throws {RangeError} if the lists differ in length or a value is outside its range.
 */
export function confusionMatrix(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  labels: number = classes,
): number[][] {
  if (actual.length !== predicted.length) {
    throw new RangeError(
      `${actual.length} actual classes with ${predicted.length} predicted labels; each picture needs both`,
    );
  }
  const matrix = Array.from({ length: classes }, () => new Array<number>(labels).fill(0));
  for (let picture = 0; picture < actual.length; picture++) {
    const row = indexBelow(classes, actual[picture]!, `actual class of picture ${picture}`);
    const column = indexBelow(labels, predicted[picture]!, `predicted label of picture ${picture}`);
    matrix[row]![column]!++;
  }
  return matrix;
}

/**
 * The {@linkcode confusionMatrix} by names: `matrix[row][column]`.
 *
 * @param actual one name per picture; pictures without a row are left out
 * @param predicted one name per picture, each of them a column
 * @throws {RangeError} if the lists differ in length or a picture has no column
 */
export function crossTable(
  actual: readonly string[],
  predicted: readonly string[],
  rows: readonly string[],
  columns: readonly string[],
): number[][] {
  const shown = actual.map((name, picture) => ({ name, picture }))
    .filter(({ name }) => rows.includes(name));
  const stray = shown.find(({ picture }) => !columns.includes(predicted[picture]!));
  if (stray !== undefined) {
    throw new RangeError(
      `picture ${stray.picture} is predicted "${predicted[stray.picture]}", which is none of the ` +
        `columns ${columns.join(", ")}`,
    );
  }
  return confusionMatrix(
    shown.map(({ name }) => rows.indexOf(name)),
    shown.map(({ picture }) => columns.indexOf(predicted[picture]!)),
    rows.length,
    columns.length,
  );
}

function indexBelow(limit: number, value: number, what: string): number {
  if (!Number.isInteger(value) || value < 0 || value >= limit) {
    throw new RangeError(
      `the ${what} is ${value}; it must be a whole number from 0 to ${limit - 1}`,
    );
  }
  return value;
}
