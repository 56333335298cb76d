import assert from "node:assert/strict";
import { dirname, fromFileUrl, join } from "@std/path";
import { imagesByCount } from "../src/evaluation/measures.ts";
import { isFile, isFolder } from "../src/files/path_kind.ts";
import { readResults } from "../src/report/results.ts";
import { readStudyResults } from "../src/study/results.ts";
import { isStudy } from "../src/study/unit.ts";
import { percent } from "../src/text/wording.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));
const READMES = [
  "README.md",
  "data/README.md",
  "notebooks/README.md",
  "results/README.md",
  "src/README.md",
  "src/backend/README.md",
];

/** The anchors that a code host gives to headings. */
function anchorsOf(markdown: string): Set<string> {
  const headings = markdown.matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, title]) =>
      title!.toLowerCase().replaceAll(/[^\p{L}\p{N} -]/gu, "").replaceAll(" ", "-")
    ),
  );
}

for (const readme of READMES) {
  Deno.test(`the links of ${readme} lead somewhere`, async () => {
    const text = await Deno.readTextFile(join(PROJECT, readme));
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    for (const link of links.filter((link) => !/^https?:/.test(link))) {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? readme : join(dirname(readme), path);
      const there = join(PROJECT, target);
      assert.ok(isFile(there) || isFolder(there), `${readme}: ${link}`);
      if (anchor === undefined) continue;
      assert.ok(anchorsOf(await Deno.readTextFile(there)).has(anchor), `${readme}: ${link}`);
    }
  });

  Deno.test(`figures that ${readme} quotes from results stand in these`, async () => {
    const text = await Deno.readTextFile(join(PROJECT, readme));
    const quotes = text.matchAll(/<!-- results: (\S+) -->(.*?)<!-- end of results -->/gs);
    for (const [, folder, quoted] of quotes) {
      const path = join(PROJECT, "results", folder!);
      const there = isStudy(path) ? await studyFiguresIn(path) : await sharesIn(path);
      const figures = [...quoted!.matchAll(/\d+\.\d(?:%|\spoints)|\d\.\d{3}/g)]
        .map(([figure]) => figure.replace(/\s/, " "));
      assert.ok(figures.length > 0, `${readme}: nothing is quoted from ${folder}`);
      for (const figure of figures) assert.ok(there.has(figure), `${readme}: ${figure}`);
    }
  });
}

/**
 * All shares of correct pictures in a results folder, ours and published, and the differences in
 * rejected unseen pictures, as they are written.
 */
async function sharesIn(folder: string): Promise<Set<string>> {
  const { dataset, experiments, references, comparisons } = await readResults(folder);
  const images = imagesByCount(dataset.counts.test);
  const measures = ["knownCorrect", "unknownRejected", "unseenRejected", "totalCorrect"] as const;
  const ours = experiments.flatMap(({ summary }) =>
    Object.values(summary.decisions).flatMap((counts) =>
      measures.map((measure) => counts[measure].mean / images[measure])
    )
  );
  const counts = references.flatMap(({ counts }) => counts);
  const published = counts.map(({ reported, reportedImages }) => reported / reportedImages);
  const unseen = counts.filter(({ measure }) => measure === "unseenRejected")
    .map(({ reported, reportedImages }) => reported / reportedImages);
  const differences = [
    ...comparisons.map(({ differences }) => differences.unseenRejected!.mean),
    ...unseen.flatMap((share) => unseen.map((other) => share - other)),
  ];
  return new Set([
    ...[...ours, ...published].map((share) => percent(share)),
    ...differences.map((difference) => `${(100 * difference).toFixed(1)} points`),
  ]);
}

/** Means of measures, their differences and shares of variance in a study, as they are written. */
async function studyFiguresIn(folder: string): Promise<Set<string>> {
  const { table, trainingDifferences, choiceDifferences, variance } = await readStudyResults(
    join(folder, "results.json"),
  );
  const means = table.flatMap(({ knownCorrect, unknown, unseen }) => [
    knownCorrect.mean,
    ...[unknown, unseen].flatMap((group) => [group!.auroc.mean, group!.rejected.mean]),
  ]);
  const differences = [...trainingDifferences, ...choiceDifferences].flatMap(
    ({ differences: { unknown, unseen } }) =>
      [unknown, unseen].flatMap((group) => {
        const { mean, low, high } = group!.auroc;
        return [mean, low, high].map(Math.abs);
      }),
  );
  const shares = Object.values(variance).flatMap((group) => Object.values(group!.shares));
  return new Set([
    ...[...means, ...differences].map((value) => value.toFixed(3)),
    ...[...means, ...shares].map(percent),
  ]);
}

Deno.test("the page's speed in README.md is the measured one", async () => {
  const speed = JSON.parse(await Deno.readTextFile(join(PROJECT, "results/page-speed.json")));
  const text = (await Deno.readTextFile(join(PROJECT, "README.md"))).replace(/\s+/g, " ");
  assert.ok(text.includes(`a page of ${speed.megabytes.toFixed(0)} MB`));
  assert.ok(text.includes(`opens in ${speed.secondsToOpen.middle.toFixed(1)} seconds`));
  assert.ok(text.includes(`at ${speed.framesPerSecond.middle.toFixed(1)} frames per second`));
  assert.ok(text.includes(speed.machine.cpu));
});
