import { EXPERIMENTS, PROFILES } from "../../catalogue.ts";
import { catalogueEntry } from "../../data/catalogue.ts";
import type { Results } from "../results.ts";
import { paragraph, type Section } from "../section.ts";

/** How to compute a report again; only the catalogue's experiments have a command that trains. */
export const computeAgain: Section = (results) => {
  const reproduce = reproduceCommand(results);
  return [
    paragraph(
      "Each run's predictions.csv has every test picture with its outputs; every number here " +
        "follows from these files, and results.json has them all. The first command makes this " +
        "report again from the predictions, " +
        (reproduce === undefined
          ? "the program that defined the experiments trains them again."
          : "the second one trains again."),
    ),
    {
      kind: "commands",
      lines: [reportCommand(results), ...(reproduce === undefined ? [] : [reproduce])],
    },
  ];
};

function reportCommand({ dataset, profile }: Results): string {
  return `deno task report ${quoted(`results/${dataset.name}-${profile.name}`)}`;
}

function reproduceCommand({ dataset, profile, experiments }: Results): string | undefined {
  const isIn = (catalogue: readonly { readonly name: string }[], name: string) =>
    catalogue.some((entry) => entry.name === name);
  const hasNames = isIn(PROFILES, profile.name) &&
    experiments.every(({ name }) => isIn(EXPERIMENTS, name));
  if (!hasNames) return undefined;
  const seeds = [...new Set(experiments.flatMap(({ runs }) => runs.map(({ seed }) => seed)))];
  return [
    "deno task reproduce",
    `--dataset ${catalogueEntry(dataset.name) ? dataset.name : "DIR"}`,
    `--profile ${quoted(profile.name)}`,
    `--only ${experiments.map(({ name }) => name).join(",")}`,
    `--seeds ${seeds.join(",")}`,
    "--fresh",
  ].join(" ");
}

/** A word of a shell command. */
function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
