import { isDeepStrictEqual } from "node:util";
import { EXPERIMENTS, PROFILES } from "../../catalogue.ts";
import { catalogueEntry } from "../../data/catalogue.ts";
import { GROUPS } from "../../data/categories.ts";
import { describe, type Experiment, startOf } from "../../experiments.ts";
import { nameInProject } from "../../files/in_project.ts";
import { NETWORKS } from "../../model/registry.ts";
import { shellWord, TASK } from "../../text/shell.ts";
import type { ReportContext } from "../context.ts";
import type { ExperimentResults, Results } from "../results.ts";
import { paragraph, type Section } from "../section.ts";

/** Commands to compute the report again; only experiments known by name can be trained again. */
export const computeAgain: Section = (results, _runs, context) => {
  const training = trainingCommands(results, context);
  const trainsAgain = training.length === 0
    ? "the program that defined the experiments trains them again."
    : training.length === 1
    ? "the second one trains again."
    : "the others train again, one after another.";
  return [
    paragraph(
      "Each run's predictions.csv has every test picture with its outputs; every number here " +
        "follows from these files, and results.json has them all. In the project's folder, the " +
        `first command makes this report again from the predictions, ${trainsAgain}`,
    ),
    { kind: "commands", lines: [reportCommand(results, context), ...training] },
  ];
};

function reportCommand(results: Results, context: ReportContext): string {
  return command("report", [asArgument(folderOf(results, context)), ...extensionOption(context)]);
}

/** One command per set of experiments whose command lines differ only in their names. */
function trainingCommands(results: Results, context: ReportContext): string[] {
  const named = results.experiments.map((experiment) => namedExperiment(experiment, context));
  if (!named.every((experiment) => experiment !== undefined)) return [];
  const profile = profilesOf(context).find(({ name }) => name === results.profile.name);
  if (profile === undefined) return [];
  const parts = results.experiments.flatMap((experiment, index) =>
    [...Map.groupBy(experiment.runs, ({ backend }) => backend.name)].map(([backend, runs]) => ({
      name: experiment.name,
      options: [
        ...backend === "simd" ? [] : ["--backend", backend],
        ...networkOption(experiment, named[index]!),
        ...startOptions(experiment, startOf({ ...named[index]!, profile })),
        "--seeds",
        runs.map(({ seed }) => seed).join(),
      ],
    }))
  );
  return [...Map.groupBy(parts, ({ options }) => JSON.stringify(options)).values()]
    .map((alike) =>
      command("reproduce", [
        ...datasetOptions(results),
        "--profile",
        results.profile.name,
        "--only",
        alike.map(({ name }) => name).join(),
        ...alike[0]!.options,
        ...extensionOption(context),
        ...outOption(results, context),
        "--fresh",
      ])
    );
}

function command(task: string, words: readonly string[]): string {
  return [TASK, task, ...words.map(shellWord)].join(" ");
}

/** The command line's experiment of this name, if it is the same experiment. */
function namedExperiment(
  experiment: ExperimentResults,
  { extension }: ReportContext,
): Experiment | undefined {
  const known = [...EXPERIMENTS, ...extension?.experiments ?? []]
    .find(({ name }) => name === experiment.name);
  if (known === undefined || !isListable([known.name])) return undefined;
  const { network: _network, start: _start, ...described } = describe(known);
  const isSame = Object.entries(described).every(([field, value]) =>
    isDeepStrictEqual(experiment[field as keyof typeof described], value)
  );
  const hasNetwork = isNetworkOf(experiment, known) ||
    isNetworkOf(experiment, { network: NETWORKS.get(experiment.network.name) });
  return isSame && hasNetwork ? known : undefined;
}

function isNetworkOf(
  { network: { kind, name, options } }: ExperimentResults,
  { network }: Partial<Pick<Experiment, "network">> | { readonly network: undefined },
): boolean {
  return network?.kind === kind && network.name === name &&
    isDeepStrictEqual(JSON.parse(JSON.stringify(network.options)), options);
}

function profilesOf({ extension }: ReportContext) {
  return [...PROFILES, ...(extension?.experiments ?? []).map(({ profile }) => profile)];
}

function networkOption(experiment: ExperimentResults, known: Experiment): string[] {
  return isNetworkOf(experiment, known) ? [] : ["--network", experiment.network.name];
}

function startOptions({ start }: ExperimentResults, usual: Experiment["start"]): string[] {
  return Object.entries(start).flatMap(([group, origin]) =>
    usual[group] === origin ? [] : ["--start", `${group}=${origin}`]
  );
}

/** Options for the data set. Groups are options where possible; else `dataset.json` has them. */
function datasetOptions({ dataset }: Results): string[] {
  const { name, groups, folder, leftOut = [] } = dataset;
  const isBuiltIn = catalogueEntry(name) !== undefined;
  const places = isBuiltIn || !isListable(GROUPS.flatMap((group) => groups[group]))
    ? []
    : GROUPS.flatMap((group) =>
      groups[group].length === 0 ? [] : [`--${group}`, groups[group].join()]
    );
  return [
    "--dataset",
    // Older runs have no record of the folder, so the reader has to fill it in.
    isBuiltIn ? name : folder === undefined ? "DIR" : asArgument(folder),
    ...places,
    ...leftOut.length === 0 ? [] : ["--skip-bad"],
  ];
}

/** Whether names survive being joined and split at commas. */
function isListable(names: readonly string[]): boolean {
  return names.every((name) => name !== "" && name.trim() === name && !name.includes(","));
}

function extensionOption({ extension }: ReportContext): string[] {
  return extension === undefined ? [] : ["--with", nameInProject(extension.path)];
}

function outOption(results: Results, context: ReportContext): string[] {
  const folder = folderOf(results, context);
  return folder === usualFolder(results) ? [] : ["--out", folder];
}

function folderOf(results: Results, { resultsFolder }: ReportContext): string {
  return resultsFolder === undefined ? usualFolder(results) : nameInProject(resultsFolder);
}

function usualFolder({ dataset, profile }: Results): string {
  return `results/${dataset.name}-${profile.name}`;
}

/** A path written so that it is not mistaken for an option. */
function asArgument(path: string): string {
  return path.startsWith("-") ? `./${path}` : path;
}
