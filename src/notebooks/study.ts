import { join } from "@std/path";
import type { Experiment } from "../experiments.ts";
import { nameInProject, PROJECT } from "../files/in_project.ts";
import { isFile } from "../files/path_kind.ts";
import { requireForms } from "../extension.ts";
import { checkScores } from "../scores/score.ts";
import { readStudyResults, studyResults } from "../study/results.ts";
import type { StudyResults } from "../study/results_schema.ts";
import { STUDY_SCORES } from "../study/scores.ts";
import { runUnits, studyDataset } from "../study/study.ts";
import { asTraining, type Training } from "../study/trainings.ts";
import { planUnits } from "../study/unit.ts";
import { readUnits, writeStudyReport } from "../study/write_study_report.ts";
import type { Setting } from "./setting.ts";
import { paragraph, show } from "./show.ts";
import { whileTraining } from "./while_training.ts";

/**
 * The results of a study that was run from the command line.
 *
 * @param folder inside the project
 * @returns undefined if there is none
 * @throws {Error} if they are damaged
 */
export async function openStudy(folder = "results/study"): Promise<StudyResults | undefined> {
  const path = join(PROJECT, folder, "results.json");
  return isFile(path) ? await readStudyResults(path) : undefined;
}

/**
 * A study of the data set's own split: trains missing units while the cell shows the progress, and
 * makes a report of all units in its folder. Interrupting the kernel stops training after the
 * current step; running the cell again continues it.
 *
 * @param trainings trainings of the study, or the notebook's own experiments; all use the setting's
 *   profile
 * @returns the results of these trainings, including the setting's own scores
 * @throws {Error} if training was interrupted, a unit cannot be trained, or an existing unit has
 *   another definition
 */
export async function study(
  { dataset, seeds, out, profile, scores: ownScores = [], cacheFolder }: Setting,
  trainings: readonly (Training | Experiment)[],
): Promise<StudyResults> {
  const folder = `${out}-study`;
  const scores = [...STUDY_SCORES, ...ownScores];
  checkScores(scores);
  const all = trainings.map((training) => "candidates" in training ? training : ownOf(training));
  const profiled = all.map(({ candidates: [first, ...others], ...training }): Training => ({
    ...training,
    candidates: [{ ...first, profile }, ...others.map((other) => ({ ...other, profile }))],
  }));
  const found = await studyDataset(dataset);
  const units = planUnits(found.splits.slice(0, 1), seeds, profiled);
  const told: string[] = [];
  await whileTraining(async (training) => {
    const log = (line: string) => void told.push(line);
    const run = { units, study: found, scores, out: folder, cacheFolder, log, ...training };
    const failed = await runUnits(run);
    if (failed.length === 0) return;
    throw new Error(told.filter((line) => failed.some((unit) => line.startsWith(unit))).join("; "));
  });
  const names = all.map(({ name }) => name);
  await writeStudyReport(folder, scores, names);
  const own = (await readUnits(folder)).filter(({ config: { planned } }) =>
    names.includes(planned.training) && seeds.includes(planned.seed)
  );
  const results = studyResults(own, scores, names);
  await show(paragraph(
    `${results.units.length} units in ${nameInProject(folder)}, where the report is of all.`,
  ));
  return results;
}

function ownOf(experiment: Experiment): Training {
  requireForms("trainings", "experiments", [experiment]);
  return asTraining(experiment);
}
