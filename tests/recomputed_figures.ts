/**
 * Measures of a `predictions.csv` or of a study's pictures, computed in an obvious way and with none of the project's code,
 * to compare the committed ones with. Only for names without commas and quotes.
 */

/** One row of the file. */
export interface Row {
  readonly path: string;
  readonly category: string;
  readonly group: string;
  readonly label: string;
  /** By network label. */
  readonly logits: ReadonlyMap<string, number>;
  /** By network label. */
  readonly scores: ReadonlyMap<string, number>;
  /** The label with the highest score. */
  readonly highest: readonly [label: string, score: number];
}

/** Reads the file. */
export async function rowsOf(path: string, activation: "softmax" | "sigmoid"): Promise<Row[]> {
  const [header, ...lines] = (await Deno.readTextFile(path)).trim().split("\n")
    .map((line) => line.trim().split(","));
  const labels = header!.slice(5).map((title) => title.replace(/^logit:/, ""));
  return lines.map(([path, category, group, label, _predicted, ...cells]) => {
    const picture = { path: path!, category: category!, group: group!, label: label! };
    return rowWith(picture, labels, cells.map(Number), activation);
  });
}

/** The row of a picture with these logits, one per label. */
export function rowWith(
  picture: Pick<Row, "path" | "category" | "group" | "label">,
  labels: readonly string[],
  logits: readonly number[],
  activation: "softmax" | "sigmoid",
): Row {
  const byLabel = (values: readonly number[]) =>
    new Map(labels.map((name, index) => [name, values[index]!]));
  const scores = byLabel(activated(logits, activation));
  return { ...picture, logits: byLabel(logits), scores, highest: highestOf(scores) };
}

function activated(logits: readonly number[], activation: "softmax" | "sigmoid"): number[] {
  if (activation === "sigmoid") {
    return logits.map((z) => z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z)));
  }
  const top = Math.max(...logits);
  const powers = logits.map((z) => Math.exp(z - top));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

/** The label at a threshold; by argmax at 0. */
export function labelAt({ highest: [label, score] }: Row, threshold: number): string {
  return score < threshold ? "na" : label;
}

/** How many pictures of a group get their correct label at a threshold. */
export function correctAt(rows: readonly Row[], group: string, threshold: number): number {
  return rows.filter((row) => row.group === group && labelAt(row, threshold) === row.label).length;
}

/** How known a picture is, by the name of the score; a new one need not be here. */
export const RECOMPUTED_SCORES: Readonly<Record<string, (row: Row) => number>> = {
  "highest-score": ({ scores }) => highestOf(withoutNa(scores))[1],
  "max-logit": ({ logits }) => highestOf(withoutNa(logits))[1],
  "energy": ({ logits }) => {
    const known = [...withoutNa(logits).values()];
    const top = Math.max(...known);
    return top + Math.log(known.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
  },
  "known-minus-na": ({ logits }) => highestOf(withoutNa(logits))[1] - logits.get("na")!,
};

/** Open-set measures of a file by the score of that name, if that can be computed again here. */
export function openSet(rows: readonly Row[], group: string, scoreName: string) {
  const score = RECOMPUTED_SCORES[scoreName];
  if (score === undefined) return undefined;
  return openSetOf(
    rows.filter((row) => row.group === "known").map((row) => ({
      score: score(row),
      correct: highestOf(withoutNa(row.scores))[0] === row.label,
    })),
    rows.filter((row) => row.group === group).map(score),
  );
}

/** Open-set measures by pairs of pictures and by trying every score as the threshold. */
export function openSetOf(
  allKnown: readonly { readonly score: number; readonly correct: boolean }[],
  otherScores: readonly number[],
) {
  const sorted = (scores: readonly number[]) => scores.toSorted((a, b) => a - b);
  const known = sorted(allKnown.map(({ score }) => score));
  const correct = sorted(allKnown.filter((one) => one.correct).map(({ score }) => score));
  const others = sorted(otherScores);
  const rising = sorted([...new Set([...known, ...others])]);
  const falling = rising.toReversed();
  const points = [
    { fpr: 0, tpr: 0, ccr: 0 },
    ...falling.map((threshold) => ({
      fpr: atLeast(others, threshold) / others.length,
      tpr: atLeast(known, threshold) / known.length,
      ccr: atLeast(correct, threshold) / known.length,
    })),
  ];
  const ccrAt = (limit: number) =>
    Math.max(...points.filter(({ fpr }) => fpr <= limit).map(({ ccr }) => ccr));
  // With the others as the positives: a threshold just above a value rejects all up to it.
  const rejecting = rising.filter((value) => atMost(others, value) / others.length >= 0.95);
  const won = known.map((value) => (below(others, value) + atMost(others, value)) / 2);
  return {
    auroc: won.reduce((sum, pairs) => sum + pairs, 0) / (known.length * others.length),
    auprIn: averagePrecision(known, others, atLeast, falling),
    auprOut: averagePrecision(others, known, atMost, rising),
    fprAt95Tpr: Math.min(...points.filter(({ tpr }) => tpr >= 0.95).map(({ fpr }) => fpr)),
    fprAt95TprOfOthers: Math.min(...rejecting.map((value) => atMost(known, value) / known.length)),
    ccrAtFpr10: ccrAt(0.1),
    ccrAtFpr1: ccrAt(0.01),
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
export function below(sorted: readonly number[], limit: number): number {
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
  let end = below(sorted, limit);
  while (sorted[end] === limit) end++;
  return end;
}

/** Expected calibration error of the known pictures in 15 bins. */
export function calibrationError(rows: readonly Row[], countNa: boolean): number {
  const known = rows.filter((row) => row.group === "known").map(({ scores, label }) => {
    const [given, score] = highestOf(countNa ? scores : withoutNa(scores));
    return { score, correct: given === label ? 1 : 0 };
  });
  let error = 0;
  for (let bin = 0; bin < 15; bin++) {
    const inBin = known.filter(({ score }) => score > bin / 15 && score <= (bin + 1) / 15);
    const meanOf = (value: (picture: typeof inBin[number]) => number) =>
      inBin.reduce((sum, picture) => sum + value(picture), 0) / inBin.length;
    if (inBin.length === 0) continue;
    const distance = Math.abs(meanOf(({ score }) => score) - meanOf(({ correct }) => correct));
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
