/**
 * The report of the study as a list of sections, free of any file format. Pure.
 *
 * @module
 */
import { GROUPS, readableName } from "../data/categories.ts";
import { REJECTED_GROUPS, type RejectedGroup } from "../evaluation/measures.ts";
import { meanRanksPlot } from "../plots/mean_ranks_plot.ts";
import type { ReportDocument } from "../report/document.ts";
import { type Block, figures, list, paragraph, tables } from "../report/section.ts";
import { withVisibleControls } from "../text/escaped_text.ts";
import { numbers, type Table, tableOf, words } from "../text/table.ts";
import {
  count,
  decimal,
  decimalWithInterval,
  listed,
  NO_NUMBER,
  percent,
  percentWithInterval,
} from "../text/wording.ts";
import { studyAccount, studyAnswer } from "./answer.ts";
import { ownScoreTable, scoreMatrix } from "./glance.ts";
import { REFERENCE_TRAINING, type StudyResults } from "./results_schema.ts";
import { probability, scoreTitle, trainingTitle } from "./vocabulary.ts";

/** The report of a study. */
export function studyDocument(results: StudyResults): ReportDocument {
  const [glance, ...glances] = REJECTED_GROUPS.toReversed().flatMap((group) => {
    const plan = scoreMatrix(results, group);
    return plan === undefined ? [] : [figures(plan)];
  });
  const details: readonly ReportDocument["details"][number][] = [
    {
      title: "What was found",
      summary: "the loss, the score and the threshold, in sentences",
      blocks: studyAccount(results).map(({ lead, text }) => paragraph(`${lead}: ${text}`)),
    },
    {
      title: "All trainings and scores",
      summary: "every measure, against unseen and unknown pictures",
      blocks: [...glances, ...mainTables(results)],
    },
    {
      title: "Differences between trainings",
      summary: "on the same splits and seeds, with intervals",
      blocks: trainingDifferences(results),
    },
    { title: "Ranks", summary: "Friedman's and Holm's tests", blocks: ranks(results) },
    {
      title: "Choosing the score on validation pictures",
      summary: "in place of each training's own",
      blocks: choice(results),
    },
    {
      title: "Where the variance is",
      summary: "split, seed, training and score",
      blocks: variance(results),
    },
    {
      title: "What was run",
      summary: "splits, trainings, hyper-parameters",
      blocks: whatWasRun(results),
    },
    { title: "How to read it", summary: "measures and conventions", blocks: list(READING) },
  ];
  return {
    title: `The study: ${results.dataset}, profile ${results.profile.name}`,
    notices: results.missing.length === 0 ? [] : [
      `${count(results.missing.length)} ${
        results.missing.length === 1 ? "unit is" : "units are"
      } not finished and left out: ` +
      `${listed(results.missing.slice(0, 10))}${results.missing.length > 10 ? ", ..." : ""}.`,
    ],
    answer: studyAnswer(results),
    blocks: [...(glance === undefined ? [] : [glance]), ...thresholds(results)],
    details: details.filter(({ blocks }) => blocks.length > 0),
  };
}

type Row = StudyResults["table"][number];

function mainTables(results: StudyResults): Block[] {
  return tables(...REJECTED_GROUPS.toReversed().map((group) => mainTable(results, group)));
}

function mainTable(results: StudyResults, group: RejectedGroup): Table {
  const rows = results.table.filter((row) => row[group] !== null);
  const measure = (title: string, field: keyof NonNullable<Row[RejectedGroup]>) =>
    numbers(title, (row: Row) => decimal(row[group]![field]));
  return tableOf(`Against ${group} pictures: mean ± deviation over splits and seeds`, rows, [
    words("training", ({ training }) => trainingTitle(results, training)),
    words("score", ({ score }) => scoreTitle(results, score)),
    numbers("units", ({ units }) => count(units)),
    numbers("accuracy", ({ accuracy }) => decimal(accuracy)),
    measure("AUROC", "auroc"),
    measure("AUPR in", "auprIn"),
    measure("AUPR out", "auprOut"),
    measure("FPR95 (known positive)", "fprAt95Tpr"),
    measure("FPR95 (others positive)", "fprAt95TprOfOthers"),
    measure("OSCR area", "oscrArea"),
    measure("CCR at FPR 10%", "ccrAtFpr10"),
    measure("CCR at FPR 1%", "ccrAtFpr1"),
    numbers("known correct at threshold", ({ knownCorrect }) => decimal(knownCorrect)),
    measure("rejected at threshold", "rejected"),
  ]);
}

type DifferenceRow = StudyResults["trainingDifferences"][number];

function trainingDifferences(results: StudyResults): Block[] {
  const rows = results.trainingDifferences;
  if (rows.length === 0) return [];
  return [
    paragraph(
      `Each training minus ${
        trainingTitle(results, REFERENCE_TRAINING)
      }, both by their own scores, ` +
        "on the same splits and seeds: mean ± deviation over the pairs, with the 95% interval of the " +
        "mean from 10,000 resamples of the pairs.",
    ),
    ...tables(differencesTable("Differences to the reference", results, rows)),
  ];
}

function differencesTable(
  caption: string,
  results: StudyResults,
  rows: readonly DifferenceRow[],
): Table {
  return tableOf(caption, rows, [
    words("training", ({ training }) => trainingTitle(results, training)),
    numbers("pairs", ({ differences }) => count(differences.accuracy.pairs)),
    numbers("accuracy", ({ differences }) => decimalWithInterval(differences.accuracy)),
    ...REJECTED_GROUPS.toReversed().flatMap((group) => [
      numbers(
        `AUROC, ${group}`,
        ({ differences }: DifferenceRow) =>
          differences[group] === null ? NO_NUMBER : decimalWithInterval(differences[group].auroc),
      ),
      numbers(
        `OSCR area, ${group}`,
        ({ differences }: DifferenceRow) =>
          differences[group] === null
            ? NO_NUMBER
            : decimalWithInterval(differences[group].oscrArea),
      ),
    ]),
  ]);
}

function ranks(results: StudyResults): Block[] {
  return REJECTED_GROUPS.toReversed().flatMap((group): Block[] => {
    const test = results.rankTests[group];
    if (test === null) return [];
    const title = `AUROC against ${group} pictures: mean ranks`;
    const notable = test.pairs.filter(({ corrected }) => corrected < 0.05);
    return [
      paragraph(
        `Against ${group} pictures, by each training's own score, over ${test.blocks} pairs of split ` +
          `and seed: Friedman's chi-squared is ${test.statistic.toFixed(1)} with ` +
          `${test.trainings.length - 1} degrees of freedom, p ${probability(test.p)}; ` +
          `${notable.length} of ${test.pairs.length} pairs of trainings differ at the level of 5% ` +
          "after Holm's correction.",
      ),
      figures({
        name: `ranks-${group}`,
        caption:
          `${title}, 1 is best; trainings whose bars do not overlap differ by Nemenyi's test ` +
          `(critical difference ${test.criticalDifference.toFixed(2)})`,
        spec: meanRanksPlot({
          title,
          criticalDifference: test.criticalDifference,
          methods: test.trainings.map((training, index) => ({
            title: trainingTitle(results, training),
            meanRank: test.meanRanks[index]!,
          })),
        }),
      }),
      ...tables(tableOf(`Pairs that differ, ${group}`, notable, [
        words("training", ({ first }) => trainingTitle(results, first)),
        words("and", ({ second }) => trainingTitle(results, second)),
        numbers("p", ({ p }) => probability(p)),
        numbers("p, Holm's correction", ({ corrected }) => probability(corrected)),
      ])),
    ];
  });
}

function choice(results: StudyResults): Block[] {
  const rows = results.choiceDifferences;
  const votes = results.trainings.map((training) => {
    const own = results.units.filter((unit) => unit.training === training.name);
    const counts = Map.groupBy(own, ({ chosenScore }) => chosenScore);
    return {
      training,
      text: [...counts].sort(([, a], [, b]) => b.length - a.length)
        .map(([score, units]) => `${scoreTitle(results, score)}: ${units.length}`).join("; "),
    };
  });
  return [
    paragraph(
      "The score with the highest AUROC on the validation pictures of a unit takes the place of the " +
        "training's own: the difference on test pictures.",
    ),
    ...tables(
      differencesTable("The chosen score minus the training's own", results, rows),
      tableOf("How often which score was chosen", votes, [
        words("training", ({ training }) => training.title),
        words("its own", ({ training }) => scoreTitle(results, training.ownScore)),
        words("chosen: units", ({ text }) => text),
      ]),
    ),
  ];
}

function thresholds(results: StudyResults): Block[] {
  const strict = results.heldOutDifferences;
  const changed = (group: RejectedGroup) =>
    numbers(
      `${group} rejected`,
      ({ differences }: DifferenceRow) =>
        differences[group] === null ? NO_NUMBER : percentWithInterval(differences[group].rejected),
    );
  return [
    paragraph(
      "Thresholds are chosen on validation pictures alone: the largest balanced accuracy of known " +
        "against unknown pictures; for trainings without unknown pictures, the highest threshold " +
        "that accepts 95% of the known ones.",
    ),
    ...tables(
      ownScoreTable(results),
      tableOf(
        "The threshold minus argmax, in points",
        results.thresholdDifferences,
        [
          words("training", ({ training }) => trainingTitle(results, training)),
          numbers("known correct", ({ knownCorrect }) => percentWithInterval(knownCorrect)),
          ...REJECTED_GROUPS.map((group) =>
            numbers(
              `${group} rejected`,
              (row: StudyResults["thresholdDifferences"][number]) =>
                row[group] === null ? NO_NUMBER : percentWithInterval(row[group]),
            )
          ),
        ],
      ),
      tableOf(
        "With one unknown category held out of training to choose against, minus the above, in points",
        strict,
        [
          words("training", ({ training }) => trainingTitle(results, training)),
          numbers("pairs", ({ differences }) => count(differences.accuracy.pairs)),
          numbers(
            "known correct",
            ({ differences }) => percentWithInterval(differences.knownCorrect),
          ),
          changed("unknown"),
          changed("unseen"),
        ],
      ),
    ),
  ];
}

function variance(results: StudyResults): Block[] {
  const rows = REJECTED_GROUPS.toReversed().flatMap((group) => {
    const found = results.variance[group];
    return found === null ? [] : [{ group, ...found }];
  });
  if (rows.length === 0) return [];
  const factors = Object.keys(rows[0]!.shares);
  return [
    paragraph(
      "The share of the total sum of squares of AUROCs that goes with each factor alone; the rest is " +
        `how they act together, and chance. Of the scores that every training has: ${
          listed(rows[0]!.scores.map((score) => scoreTitle(results, score)))
        }.`,
    ),
    ...tables(tableOf("Shares of the variance", rows, [
      words("against", ({ group }) => group),
      ...factors.map((factor) =>
        numbers(factor, ({ shares }: typeof rows[number]) => percent(shares[factor]!))
      ),
    ])),
  ];
}

function whatWasRun(results: StudyResults): Block[] {
  const { units, heldOutUnits } = results;
  const nameOf = (category: string) =>
    withVisibleControls(readableName(results.categoryNames, category));
  const choices = results.trainings.flatMap(({ name, title }) => {
    const chosen = [...units, ...heldOutUnits]
      .filter(({ training, options }) => training === name && options !== null)
      .map(({ options }) => listed(Object.entries(options!).map((option) => option.join(" "))));
    if (chosen.length === 0) return [];
    const counts = [...Map.groupBy(chosen, (options) => options)]
      .sort(([, a], [, b]) => b.length - a.length);
    return [{
      title,
      text: counts.map(([options, own]) => `${options}: ${own.length}`).join("; "),
    }];
  });
  return [
    paragraph(
      `${count(units.length)} units (a training, a split and a seed): splits ` +
        `${listed(results.splits.map(({ name }) => name))}, seeds ${
          listed(results.seeds.map(String))
        }; ` +
        `and ${count(heldOutUnits.length)} with a category held out. ` +
        "A tenth of the training pictures of every category is held out for validation, the same in " +
        "every unit; all trainings of a split and seed see the same pictures.",
    ),
    ...tables(
      tableOf("The splits", results.splits, [
        words("split", ({ name }) => name),
        ...GROUPS.map((group) =>
          words(
            group,
            ({ groups }: StudyResults["splits"][number]) => listed(groups[group].map(nameOf)),
          )
        ),
      ]),
      tableOf("The trainings", results.trainings, [
        words("name", ({ name }) => name),
        words("title", ({ title }) => title),
        words("loss", ({ loss }) => loss),
        words("unknown pictures", ({ trainsUnknown }) => trainsUnknown ? "trained" : "not trained"),
        words("its own score", ({ ownScore }) => scoreTitle(results, ownScore)),
      ]),
      tableOf("Hyper-parameters that validation pictures chose", choices, [
        words("training", ({ title }) => title),
        words("options: units", ({ text }) => text),
      ]),
    ),
  ];
}

const READING: readonly string[] = [
  "Known pictures are told from those of a group by a score, which is higher for known ones. AUROC, " +
  "AUPR (average precision) and FPR95 judge it at all thresholds. FPR95 is given in both conventions: " +
  "with the known pictures as the positives, and with the others, as OpenOOD has it.",
  "The OSCR area and CCR at FPR count known pictures only where their category is right, too.",
  "A training's own score is its paper's: the highest known logit minus that of na where na is an " +
  "output to learn, the energy where the loss is about it, else the highest softmax or sigmoid.",
  "Nothing is chosen on test pictures; a test permutes their labels and gets the same thresholds.",
];
