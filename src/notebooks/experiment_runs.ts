import { startBackend, stopBackend } from "../backend/start_backend.ts";
import { ARTICLE_CONTEXT } from "../article/report.ts";
import { checkExperiments, type Experiment } from "../experiments.ts";
import { type Results, resultsOf } from "../report/results.ts";
import { readRuns, type Run } from "../runs/read_runs.ts";
import { listed } from "../text/wording.ts";
import { runExperiments } from "../reproduce.ts";
import { SCORES } from "../scores/all.ts";
import { checkScores, type Score } from "../scores/score.ts";
import { planRuns, requireSameRun, stateOf } from "../runs/run_folder.ts";
import { nameInProject, type Setting } from "./setting.ts";
import { inJupyter, liveOutput, paragraph, show } from "./show.ts";
import { TrainingDisplay } from "./training_display.ts";

/** Finished runs of some experiments with all seeds of a setting. */
export interface ExperimentRuns {
  /** All figures of these runs. */
  readonly results: Results;
  /** In the order of the experiments, then of the seeds. */
  readonly runs: readonly Run[];
}

/**
 * The runs of experiments with the setting's profile: those in the results folder are opened, those
 * that were interrupted are continued, all others are trained, while the cell shows how far that
 * is. Interrupting the kernel stops training after the current step.
 *
 * @throws {Error} if training was interrupted, two scores have the same name, or saved runs are
 * damaged, of another data set or profile, or of another definition of an experiment.
 */
export async function trainOrOpen(
  setting: Setting,
  ...asked: readonly Experiment[]
): Promise<ExperimentRuns> {
  const experiments = asked.map((experiment) => ({ ...experiment, profile: setting.profile }));
  const names = experiments.map(({ name }) => name);
  checkExperiments(experiments);
  checkScores(scoresOf(setting));
  const planned = planRuns(setting.out, experiments, setting.seeds);
  const states = await Promise.all(planned.map(stateOf));
  const missing = planned.filter((_, index) => states[index] === "unfinished");
  if (missing.length > 0) await trainMissing(setting, experiments);
  else for (const run of planned) await requireSameRun(run, setting.dataset);

  const { finished } = await readRuns(setting.out, names);
  const runs = finished.filter(({ experiment, seed }) =>
    names.includes(experiment.name) && setting.seeds.includes(seed)
  );
  const folder = nameInProject(setting.out);
  const seeds = setting.seeds.length === 1 ? "seed" : "seeds";
  await show(paragraph(
    missing.length > 0
      ? `Trained into ${folder}: ${missing.map(({ title }) => title).join("; ")}.`
      : `Opened from ${folder}: ${listed(names)}, ${seeds} ${listed(setting.seeds.map(String))}.`,
  ));
  const found = { finished: runs, unfinished: [] };
  return { results: resultsOf(found, ARTICLE_CONTEXT, scoresOf(setting)), runs };
}

function scoresOf({ scores = [] }: Setting): Score[] {
  return [...SCORES, ...scores];
}

/**
 * Deno's kernel goes on with the cells of "Run All" when one of them throws. For so long after an
 * interruption nothing else is trained, so that one interruption stops them all.
 */
const QUEUED_CELLS_MILLISECONDS = 3000;
const INTERRUPTED = "training was interrupted; run the cell again to continue it";
let interrupted = -Infinity;

async function trainMissing(setting: Setting, experiments: readonly Experiment[]): Promise<void> {
  const { dataset, seeds, out, cacheFolder } = setting;
  if (performance.now() - interrupted < QUEUED_CELLS_MILLISECONDS) throw new Error(INTERRUPTED);
  const interruption = new AbortController();
  // Jupyter, or a terminal, sends this signal to interrupt a program.
  const abort = () => interruption.abort();
  Deno.addSignalListener("SIGINT", abort);
  const display = new TrainingDisplay(liveOutput());
  try {
    const backend = await startBackend("simd");
    await runExperiments({
      dataset,
      experiments,
      seeds,
      scores: scoresOf(setting),
      backend,
      out,
      ...(cacheFolder === undefined ? {} : { cacheFolder }),
      fresh: false,
      keepWithoutModel: true,
      signal: interruption.signal,
      // A terminal has its own way of showing what changes.
      ...(inJupyter() ? { display } : {}),
      log: () => {},
    });
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    interrupted = performance.now();
    throw new Error(INTERRUPTED);
  } finally {
    Deno.removeSignalListener("SIGINT", abort);
    await stopBackend();
    await display.end();
  }
}
