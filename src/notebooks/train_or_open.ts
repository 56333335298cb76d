import { checkExperiments, type Experiment } from "../experiments.ts";
import { requireForms } from "../extension.ts";
import { nameInProject } from "../files/in_project.ts";
import { runExperiments } from "../reproduce.ts";
import { readRun, type Run } from "../runs/read_runs.ts";
import { planRuns, requireSameRun, stateOf } from "../runs/run_folder.ts";
import { checkScores } from "../scores/score.ts";
import { listed } from "../text/wording.ts";
import type { Setting } from "./setting.ts";
import { paragraph, show } from "./show.ts";
import { whileTraining } from "./while_training.ts";

/**
 * The runs of experiments, one per seed: finished runs in the results folder are opened,
 * interrupted ones are continued, and all others are trained while the cell shows the progress.
 * Interrupting the kernel stops training after the current step and keeps the progress.
 *
 * @returns the runs in the order of the experiments, then of the seeds
 * @throws {Error} if training was interrupted, an experiment cannot be trained, or saved runs are
 *   damaged or have another data set, profile or definition of an experiment
 */
export async function trainOrOpen(
  setting: Omit<Setting, "profile">,
  ...experiments: readonly Experiment[]
): Promise<Run[]> {
  const { dataset, seeds, out, scores = [], fresh = false } = setting;
  requireForms("experiments", "experiments", experiments);
  requireForms("scores", "scores", scores);
  checkExperiments(experiments);
  checkScores(scores);
  const planned = planRuns(out, experiments, seeds);
  const missing = planned.filter((run) => fresh || stateOf(run) === "unfinished");
  if (missing.length > 0) await trainMissing(setting, experiments);
  else for (const run of planned) await requireSameRun(run, dataset, scores);

  const folder = nameInProject(out);
  const names = listed(experiments.map(({ name }) => name));
  await show(paragraph(
    missing.length > 0
      ? `Trained into ${folder}: ${missing.map(({ title }) => title).join("; ")}.`
      : `Opened from ${folder}: ${names}, ${seeds.length === 1 ? "seed" : "seeds"} ` +
        `${listed(seeds.map(String))}.`,
  ));
  const place = (run: Run) => experiments.findIndex(({ name }) => name === run.experiment.name);
  const runs = await Promise.all(planned.map(({ folder }) => readRun(folder)));
  return runs.sort((a, b) => place(a) - place(b));
}

async function trainMissing(
  { scores = [], cacheFolder, fresh = false, ...setting }: Omit<Setting, "profile">,
  experiments: readonly Experiment[],
): Promise<void> {
  await whileTraining((training) =>
    runExperiments({
      ...setting,
      ...training,
      experiments,
      scores,
      fresh,
      ...(cacheFolder === undefined ? {} : { cacheFolder }),
      keepWithoutModel: true,
      log: () => {},
    }), fresh);
}
