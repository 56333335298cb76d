/**
 * Figures of a `predictions.csv`, computed in an obvious way and with none of the project's code,
 * to compare the committed ones with. Only for names without commas and quotes.
 */

/** One row of the file. */
export interface Row {
  readonly path: string;
  readonly category: string;
  readonly group: string;
  readonly label: string;
  /** By network label. */
  readonly scores: ReadonlyMap<string, number>;
  /** The label with the highest score. */
  readonly highest: readonly [label: string, score: number];
}

/** Reads the file. */
export async function rowsOf(path: string): Promise<Row[]> {
  const [header, ...lines] = (await Deno.readTextFile(path)).trim().split("\n")
    .map((line) => line.trim().split(","));
  const labels = header!.slice(5);
  return lines.map(([path, category, group, label, _predicted, ...cells]) => {
    const scores = new Map(labels.map((name, index) => [name, Number(cells[index])]));
    return {
      path: path!,
      category: category!,
      group: group!,
      label: label!,
      scores,
      highest: highestOf(scores),
    };
  });
}

/** The answer at a threshold; by argmax at 0. */
export function answerAt({ highest: [label, score] }: Row, threshold: number): string {
  return score < threshold ? "na" : label;
}

/** How many pictures of a group are answered rightly at a threshold. */
export function rightAt(rows: readonly Row[], group: string, threshold: number): number {
  return rows.filter((row) => row.group === group && answerAt(row, threshold) === row.label).length;
}

/** Open-set figures by pairs of pictures and by trying every score as the threshold. */
export function openSet(rows: readonly Row[], group: string, marginOverNa: boolean) {
  const score = ({ scores }: Row) => {
    const [, highest] = highestOf(withoutNa(scores));
    return marginOverNa ? highest - scores.get("na")! : highest;
  };
  const sortedScores = (some: readonly Row[]) => some.map(score).sort((a, b) => a - b);
  const allKnown = rows.filter((row) => row.group === "known");
  const known = sortedScores(allKnown);
  const right = sortedScores(
    allKnown.filter(({ scores, label }) => highestOf(withoutNa(scores))[0] === label),
  );
  const others = sortedScores(rows.filter((row) => row.group === group));
  const rising = [...new Set([...known, ...others])].sort((a, b) => a - b);
  const falling = rising.toReversed();
  const points = [
    { fpr: 0, tpr: 0, ccr: 0 },
    ...falling.map((threshold) => ({
      fpr: atLeast(others, threshold) / others.length,
      tpr: atLeast(known, threshold) / known.length,
      ccr: atLeast(right, threshold) / known.length,
    })),
  ];
  const won = known.map((value) => (below(others, value) + atMost(others, value)) / 2);
  return {
    auroc: won.reduce((sum, pairs) => sum + pairs, 0) / (known.length * others.length),
    auprIn: averagePrecision(known, others, atLeast, falling),
    auprOut: averagePrecision(others, known, atMost, rising),
    fprAt95Tpr: Math.min(...points.filter(({ tpr }) => tpr >= 0.95).map(({ fpr }) => fpr)),
    oscrArea: points.slice(1).reduce(
      (area, { fpr, ccr }, index) =>
        area + (fpr - points[index]!.fpr) * (ccr + points[index]!.ccr) / 2,
      0,
    ),
  };
}

function averagePrecision(
  wanted: readonly number[],
  unwanted: readonly number[],
  accepted: (sorted: readonly number[], threshold: number) => number,
  thresholds: readonly number[],
): number {
  let sum = 0;
  let found = 0;
  for (const threshold of thresholds) {
    const now = accepted(wanted, threshold);
    sum += (now - found) * now / (now + accepted(unwanted, threshold));
    found = now;
  }
  return sum / wanted.length;
}

/** How many of the sorted values are below a limit. */
function below(sorted: readonly number[], limit: number): number {
  let start = 0;
  let end = sorted.length;
  while (start < end) {
    const middle = (start + end) >> 1;
    if (sorted[middle]! < limit) start = middle + 1;
    else end = middle;
  }
  return start;
}

function atLeast(sorted: readonly number[], limit: number): number {
  return sorted.length - below(sorted, limit);
}

function atMost(sorted: readonly number[], limit: number): number {
  const start = below(sorted, limit);
  const same = sorted.slice(start).findIndex((value) => value !== limit);
  return same < 0 ? sorted.length : start + same;
}

/** Expected calibration error of the known pictures in 15 bins. */
export function calibrationError(rows: readonly Row[], countNa: boolean): number {
  const known = rows.filter((row) => row.group === "known").map(({ scores, label }) => {
    const [answer, score] = highestOf(countNa ? scores : withoutNa(scores));
    return { score, right: answer === label ? 1 : 0 };
  });
  let error = 0;
  for (let bin = 0; bin < 15; bin++) {
    const inBin = known.filter(({ score }) => score > bin / 15 && score <= (bin + 1) / 15);
    const meanOf = (value: (picture: typeof inBin[number]) => number) =>
      inBin.reduce((sum, picture) => sum + value(picture), 0) / inBin.length;
    if (inBin.length === 0) continue;
    const distance = Math.abs(meanOf(({ score }) => score) - meanOf(({ right }) => right));
    error += inBin.length / known.length * distance;
  }
  return error;
}

function withoutNa(scores: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...scores].filter(([label]) => label !== "na"));
}

/** The first one in the file's order where several are equally high. */
function highestOf(scores: ReadonlyMap<string, number>): [string, number] {
  return [...scores].sort(([, a], [, b]) => b - a)[0]!;
}
