/**
 * The committed study: its figures again, from the pictures of its units and with none of the
 * project's code but the reading of `results.json`. Values of fitted scores are taken as they were
 * saved; the distributions of rank tests and the resampled intervals have tests of their own.
 *
 * @module
 */
import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { parse } from "csv-parse/sync";
import { gunzipSync } from "node:zlib";
import { readStudyResults, studyResults } from "../../src/study/results.ts";
import { GROUP_MEASURES, type StudyResults } from "../../src/study/results_schema.ts";
import { STUDY_SCORES } from "../../src/study/scores.ts";
import { TRAININGS } from "../../src/study/trainings.ts";
import { readUnits } from "../../src/study/write_study_report.ts";
import { below, openSetOf, RECOMPUTED_SCORES, type Row, rowWith } from "../recomputed_figures.ts";

const STUDY = fromFileUrl(new URL("../../results/study", import.meta.url));
const GROUPS = ["unknown", "unseen"] as const;

/** The measures that need no threshold. */
const MEASURES = GROUP_MEASURES.filter((measure) => measure !== "rejected");

type Unit = StudyResults["units"][number];

/** A picture of a unit. */
interface Picture extends Row {
  readonly part: string;
  /** Values of fitted scores, by name. */
  readonly fitted: ReadonlyMap<string, number>;
  /** Known, and its category has the highest known logit. */
  readonly correct: boolean;
}

async function picturesOf(folder: string): Promise<Picture[]> {
  const config = JSON.parse(await Deno.readTextFile(join(folder, "config.json")));
  const { activation } = config.planned.candidates[config.chosen];
  const text = gunzipSync(await Deno.readFile(join(folder, "pictures.csv.gz")));
  const lines: Record<string, string>[] = parse(text, { columns: true });
  return lines.map((cells) => {
    const named = (prefix: string) =>
      Object.entries(cells).filter(([title]) => title.startsWith(prefix))
        .map(([title, value]) => [title.slice(prefix.length), Number(value)] as const);
    const logits = named("logit:");
    const label = cells["group"] === "known" ? cells["category"]! : "na";
    const identity = {
      path: cells["path"]!,
      category: cells["category"]!,
      group: cells["group"]!,
      label,
    };
    const known = logits.filter(([name]) => name !== "na").toSorted(([, a], [, b]) => b - a);
    return {
      ...rowWith(identity, logits.map(([name]) => name), logits.map(([, z]) => z), activation),
      part: cells["part"]!,
      fitted: new Map(named("score:")),
      correct: known[0]![0] === label,
    };
  });
}

/** The value of a score for a picture, from its logits or as it was saved. */
function valueOf(picture: Picture, score: string): number {
  const value = picture.fitted.get(score) ?? RECOMPUTED_SCORES[score]?.(picture);
  assert.ok(value !== undefined, `score ${score} cannot be computed again here`);
  return value;
}

function shareOf<T>(all: readonly T[], isCounted: (one: T) => boolean): number {
  return all.filter(isCounted).length / all.length;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function assertClose(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${what} is ${actual}, not ${expected}`);
}

/** Sorted values of a score, for counting those that reach a threshold. */
class Values {
  readonly #rising: readonly number[];

  constructor(readonly all: readonly number[]) {
    this.#rising = all.toSorted((a, b) => a - b);
  }

  /** The share of values at or above a threshold. */
  reaching(threshold: number): number {
    return 1 - below(this.#rising, threshold) / this.all.length;
  }
}

function assertUnit(unit: Unit, pictures: readonly Picture[], trainsUnknown: boolean): void {
  const what = `${unit.split}, seed ${unit.seed}, ${unit.training}`;
  const of = (part: string, group: string) =>
    pictures.filter((picture) => picture.part === part && picture.group === group);
  const [known, validated] = [of("test", "known"), of("validation", "known")];
  assertClose(unit.accuracy, shareOf(known, ({ correct }) => correct), `${what}: accuracy`);
  const right = ({ highest: [label], ...picture }: Picture) => label === picture.label;
  assertClose(unit.argmax.knownCorrect, shareOf(known, right), `${what}: known, argmax`);
  for (const group of GROUPS) {
    assertClose(unit.argmax[group]!, shareOf(of("test", group), right), `${what}: argmax`);
  }
  const ranked = (all: readonly Picture[], scores: Values) =>
    all.map(({ correct }, index) => ({ score: scores.all[index]!, correct }));
  for (const [score, measures] of Object.entries(unit.scores)) {
    const values = (all: readonly Picture[]) => new Values(all.map((one) => valueOf(one, score)));
    const { threshold } = measures;
    const [ofKnown, ofValidated] = [values(known), values(validated)];
    if (trainsUnknown) {
      const ofRejected = values(of("validation", "unknown"));
      const balanced = (limit: number) =>
        (ofValidated.reaching(limit) + 1 - ofRejected.reaching(limit)) / 2;
      const best = Math.max(...[...ofValidated.all, ...ofRejected.all].map(balanced));
      assertClose(balanced(threshold), best, `${what}: balanced accuracy of ${score}`);
      const { auroc } = openSetOf(ranked(validated, ofValidated), ofRejected.all);
      assertClose(measures.validationAuroc, auroc, `${what}: validation AUROC of ${score}`);
    } else {
      const accepted = ofValidated.reaching(threshold);
      assert.ok(accepted >= 0.95, `${what}: ${score} accepts ${accepted}`);
      const higher = shareOf(ofValidated.all, (value) => value > threshold);
      assert.ok(higher < 0.95, `${what}: ${score} could accept fewer`);
    }
    assertClose(measures.knownAccepted, ofKnown.reaching(threshold), `${what}: ${score}`);
    assertClose(
      measures.knownCorrect,
      shareOf(ranked(known, ofKnown), (one) => one.correct && one.score >= threshold),
      `${what}: known correct by ${score}`,
    );
    for (const group of GROUPS) {
      const others = values(of("test", group));
      const expected = openSetOf(ranked(known, ofKnown), others.all);
      for (const measure of MEASURES) {
        const name = `${what}: ${measure} of ${score}, ${group}`;
        assertClose(measures[group]![measure], expected[measure], name);
      }
      const rejected = 1 - others.reaching(threshold);
      assertClose(measures[group]!.rejected, rejected, `${what}: ${score}, ${group} rejected`);
    }
  }
}

Deno.test("results/study has every unit of its splits, seeds and trainings", async () => {
  const { units, splits, seeds, trainings, missing } = await readStudyResults(
    join(STUDY, "results.json"),
  );
  assert.deepEqual(missing, []);
  assert.equal(units.length, splits.length * seeds.length * trainings.length);
  const names = trainings.map(({ name }) => name);
  for (const { name } of TRAININGS) assert.ok(names.includes(name), name);
});

/** With the project's own code, which the other tests do without. */
Deno.test("results/study is what the code makes of the committed units", async () => {
  const written = await readStudyResults(join(STUDY, "results.json"));
  const scores = STUDY_SCORES.filter(({ name }) => name in written.scores);
  const again = studyResults(await readUnits(STUDY), scores, TRAININGS.map(({ name }) => name));
  assert.deepEqual(JSON.parse(JSON.stringify(again)), written);
});

Deno.test("every measure of a unit in results/study can be computed from its pictures", async () => {
  const { units, trainings } = await readStudyResults(join(STUDY, "results.json"));
  assert.ok(units.length > 0);
  for (const unit of units) {
    const folder = join(STUDY, "units", unit.split, `seed-${unit.seed}`, unit.training);
    const { trainsUnknown } = trainings.find(({ name }) => name === unit.training)!;
    assertUnit(unit, await picturesOf(folder), trainsUnknown);
  }
});

Deno.test("table, differences and ranks in results/study follow from its units", async () => {
  const results = await readStudyResults(join(STUDY, "results.json"));
  const { units, trainings, table, trainingDifferences, rankTests, variance } = results;
  const unitsOf = (training: string) => units.filter((unit) => unit.training === training);
  const ownScore = (training: string) => trainings.find(({ name }) => name === training)!.ownScore;
  const own = (unit: Unit) => unit.scores[ownScore(unit.training)]!;
  assert.ok(table.length > 0);
  const chosen = ({ scores, chosenScore }: Unit) => scores[chosenScore]!;
  for (const { chosenScore, scores, split, training } of units) {
    const best = Math.max(...Object.values(scores).map((one) => one.validationAuroc));
    assert.equal(scores[chosenScore]!.validationAuroc, best, `${split}, ${training}: chosen score`);
  }
  for (const { training, score, units: count, ...summaries } of table) {
    const measured = unitsOf(training).map((unit) => ({
      accuracy: unit.accuracy,
      ...(score === "chosen" ? chosen(unit) : unit.scores[score]!),
    }));
    assert.equal(count, measured.length);
    for (const measure of ["accuracy", "knownAccepted", "knownCorrect"] as const) {
      const mean = meanOf(measured.map((measures) => measures[measure]));
      assertClose(summaries[measure].mean, mean, `${training}, ${score}: ${measure}`);
    }
    for (const group of GROUPS) {
      for (const measure of GROUP_MEASURES) {
        const values = measured.map((measures) => measures[group]![measure]);
        const { mean, standardDeviation } = summaries[group]![measure];
        const squares = values.map((value) => (value - meanOf(values)) ** 2);
        const deviation = Math.sqrt(meanOf(squares) * values.length / (values.length - 1));
        assertClose(mean, meanOf(values), `${training}, ${score}: ${measure}, ${group}`);
        assertClose(standardDeviation!, deviation, `${training}, ${score}: deviation`);
      }
    }
  }
  const pairOf = ({ split, seed }: Unit) => `${split} ${seed}`;
  const reference = new Map(unitsOf("bce-na").map((unit) => [pairOf(unit), unit]));
  assert.equal(trainingDifferences.length, trainings.length - 1);
  for (const { training, differences } of trainingDifferences) {
    for (const group of GROUPS) {
      const { mean, low, high } = differences[group]!.auroc;
      const each = unitsOf(training).map((unit) =>
        own(unit)[group]!.auroc - own(reference.get(pairOf(unit))!)[group]!.auroc
      );
      assertClose(mean, meanOf(each), `${training} minus bce-na, ${group}`);
      // The interval of a mean from resamples is near the normal one.
      const error = Math.sqrt(meanOf(each.map((value) => (value - mean) ** 2)) / each.length);
      for (const end of [low, high]) {
        assert.ok(Math.abs(Math.abs(end - mean) - 1.96 * error) < error / 2, `${training}: ${end}`);
      }
    }
  }
  assert.equal(results.choiceDifferences.length, trainings.length);
  for (const { training, differences } of results.choiceDifferences) {
    for (const group of GROUPS) {
      for (const measure of ["auroc", "oscrArea", "rejected"] as const) {
        const each = unitsOf(training).map((unit) =>
          chosen(unit)[group]![measure] - own(unit)[group]![measure]
        );
        const what = `${training}, chosen score: ${measure}, ${group}`;
        assertClose(differences[group]![measure].mean, meanOf(each), what);
      }
    }
  }
  assert.equal(results.thresholdDifferences.length, trainings.length);
  for (const { training, knownCorrect, ...groups } of results.thresholdDifferences) {
    const known = unitsOf(training).map((unit) =>
      own(unit).knownCorrect - unit.argmax.knownCorrect
    );
    assertClose(knownCorrect.mean, meanOf(known), `${training}: known by threshold`);
    for (const group of GROUPS) {
      const each = unitsOf(training).map((unit) =>
        own(unit)[group]!.rejected - unit.argmax[group]!
      );
      assertClose(groups[group]!.mean, meanOf(each), `${training}: ${group} by threshold`);
    }
  }
  for (const group of GROUPS) {
    const { scores, shares: { rest, ...shares } } = variance[group]!;
    const values = units.flatMap((unit) =>
      scores.map((score) => ({
        value: unit.scores[score]![group]!.auroc,
        levels: { split: unit.split, seed: unit.seed, training: unit.training, score },
      }))
    );
    const mean = meanOf(values.map(({ value }) => value));
    const total = meanOf(values.map(({ value }) => (value - mean) ** 2));
    // The variance of the values, each replaced by the mean of its level.
    const explained = (["split", "seed", "training", "score"] as const).map((factor) => {
      const levels = Map.groupBy(values, ({ levels }) => levels[factor]);
      const ofLevel = new Map(
        [...levels].map(([level, some]) => [level, meanOf(some.map(({ value }) => value))]),
      );
      const squares = values.map(({ levels }) => (ofLevel.get(levels[factor])! - mean) ** 2);
      const share = meanOf(squares) / total;
      assertClose(shares[factor]!, share, `variance of ${factor}, ${group}`);
      return share;
    });
    assertClose(rest!, 1 - explained.reduce((sum, share) => sum + share, 0), `rest, ${group}`);
  }
  for (const group of GROUPS) {
    const { trainings: names, meanRanks, statistic, blocks, pairs } = rankTests[group]!;
    const rising = pairs.map(({ p }) => p).sort((a, b) => a - b);
    for (const { p, corrected, first, second } of pairs) {
      const smaller = rising.filter((other) => other <= p);
      const holm = Math.max(...smaller.map((other, place) => other * (pairs.length - place)));
      assertClose(corrected, Math.min(1, holm), `${first} and ${second}: Holm's correction`);
    }
    const rows = [...Map.groupBy(units, pairOf).values()].map((block) =>
      names.map((name) => own(block.find(({ training }) => training === name)!)[group]!.auroc)
    );
    assert.equal(blocks, rows.length);
    const ranks = names.map((_, method) =>
      meanOf(rows.map((row) => 1 + row.filter((value) => value > row[method]!).length))
    );
    ranks.forEach((rank, method) =>
      assertClose(meanRanks[method]!, rank, `rank of ${names[method]}`)
    );
    const [n, k] = [rows.length, names.length];
    const squares = ranks.reduce((sum, rank) => sum + rank ** 2, 0);
    const expected = 12 * n / (k * (k + 1)) * (squares - k * (k + 1) ** 2 / 4);
    assertClose(statistic, expected, `Friedman's statistic, ${group}`);
  }
});
