/**
 * Image classifiers that can say "none of these": everything a program of your own needs to train,
 * test and report experiments.
 *
 * @example
 * ```ts
 * import {
 *   bcena,
 *   entropicOpenSet,
 *   openDataset,
 *   quick,
 *   runExperiments,
 *   startBackend,
 *   stopBackend,
 *   writeReport,
 * } from "unknown/mod.ts";
 *
 * const entropic = { ...bcena, name: "entropic", title: "Entropic", loss: entropicOpenSet };
 * const experiments = [bcena, entropic].map((experiment) => ({ ...experiment, profile: quick }));
 * const dataset = await openDataset({ dataset: "gestures" });
 * const backend = await startBackend("simd");
 * const out = "results/gestures-entropic";
 * await runExperiments({ dataset, experiments, seeds: [1], backend, out, log: console.error });
 * await stopBackend();
 * await writeReport(out);
 * ```
 * @module
 */

// Experiments.
export { bce, bceNa, bcena, ce } from "./article/experiments.ts";
export { ARTICLE_CONTEXT } from "./article/report.ts";
export { EXPERIMENTS, named, PROFILES } from "./catalogue.ts";
export { describe, type Experiment, type ExperimentDescription } from "./experiments.ts";
export { type Profile, quick, smoke, type TrainingPhase } from "./profiles.ts";

// Data.
export { type CategoryGroups, type Group, GROUPS, type LabelledImage } from "./data/categories.ts";
export { CATALOGUE } from "./data/catalogue.ts";
export { type Dataset } from "./data/dataset.ts";
export { NA, NA_OUTPUT, networkLabels, NO_OUTPUT } from "./data/labels.ts";
export { loadImages } from "./data/load_images.ts";
export { openDataset } from "./data/open_dataset.ts";

// Losses.
export { activated, type Activation } from "./losses/activation.ts";
export { bce as binaryCrossEntropy } from "./losses/bce.ts";
export { bcena as modifiedBinaryCrossEntropy } from "./losses/bcena.ts";
export { crossEntropy } from "./losses/cross_entropy.ts";
export { energyRegularised } from "./losses/energy_regularised.ts";
export { entropicOpenSet } from "./losses/entropic_open_set.ts";
export { isSameLoss } from "./losses/examples.ts";
export { type Loss, type LossInput, type NaTarget } from "./losses/loss.ts";
export { meanBinaryCrossEntropy, softCrossEntropy } from "./losses/mean_loss.ts";
export { objectosphere } from "./losses/objectosphere.ts";
export { oneHotTargets } from "./losses/targets.ts";

// Networks.
export * from "./model/layers.ts";
export {
  checkedOptions,
  composeNetwork,
  type Network,
  type NetworkDefinition,
  type NetworkKind,
  parameterGroups,
} from "./model/network.ts";
export { ParameterList } from "./model/parameters.ts";
export { PLAIN_CNN, plainCnn } from "./model/plain_cnn.ts";
export { NETWORKS } from "./model/registry.ts";
export { loadLayersModel, loadNetwork, saveModel } from "./model/saved_model.ts";
export { xresnet, XRESNET18, XRESNET34 } from "./model/xresnet.ts";

// Scores, decisions and measures.
export { accuracy, accuracyWithNa, accuracyWithoutNa } from "./evaluation/accuracy.ts";
export { confusionMatrix, crossTable } from "./evaluation/confusion_matrix.ts";
export { argmax, decide, decidedLabels, type Decision, threshold } from "./evaluation/decisions.ts";
export { measure, type RunMeasures } from "./evaluation/measures.ts";
export { openSetMeasures, oscrCurve, rankScores } from "./evaluation/open_set.ts";
export { SCORES } from "./scores/all.ts";
export { energy } from "./scores/energy.ts";
export { highestScore } from "./scores/highest_score.ts";
export { knownMinusNa } from "./scores/known_minus_na.ts";
export { maxLogit } from "./scores/max_logit.ts";
export { nearestNeighbours } from "./scores/nearest_neighbours.ts";
export { openMax } from "./scores/openmax.ts";
export { react } from "./scores/react.ts";
export { relativeMahalanobis } from "./scores/relative_mahalanobis.ts";
export { highestOf, knownColumns, type LastLayer, type Score } from "./scores/score.ts";
export { virtualLogit } from "./scores/vim.ts";

// Training, running, reporting.
export { startBackend, stopBackend } from "./backend/start_backend.ts";
export { predictImages } from "./predict.ts";
export { type Reference } from "./report/reference.ts";
export { readResults, type Results } from "./report/results.ts";
export { writeReport } from "./report/write_report.ts";
export { type Reproduction, runExperiments } from "./reproduce.ts";
export { readRun, readRuns, type Run } from "./runs/read_runs.ts";
export { train, type TrainingOptions } from "./training/trainer.ts";
