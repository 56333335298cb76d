/**
 * How many pictures of each class (rows) were given each label (columns): `matrix[actual][predicted]`.
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

function indexBelow(limit: number, value: number, what: string): number {
  if (!Number.isInteger(value) || value < 0 || value >= limit) {
    throw new RangeError(
      `the ${what} is ${value}; it must be a whole number from 0 to ${limit - 1}`,
    );
  }
  return value;
}
