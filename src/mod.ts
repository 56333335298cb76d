/**
 * Image classifiers that can say "none of these": the article's experiments, the losses and metrics
 * behind them, and a tfjs backend that trains on the CPU.
 *
 * @module
 */
export * from "./backend/start_backend.ts";
export * from "./backend/simd.ts";
export * from "./data/batch.ts";
export * from "./data/batches.ts";
export * from "./data/categories.ts";
export * from "./data/dataset.ts";
export * from "./data/image_folder.ts";
export * from "./data/imagenette.ts";
export * from "./data/labels.ts";
export * from "./data/load_images.ts";
export * from "./data/open_dataset.ts";
export * from "./data/pixel_cache.ts";
export * from "./data/splits.ts";
export * from "./evaluation/calibration.ts";
export * from "./evaluation/confusion_matrix.ts";
export * from "./evaluation/differences.ts";
export * from "./evaluation/evaluate.ts";
export * from "./evaluation/intervals.ts";
export * from "./evaluation/known_score.ts";
export * from "./evaluation/open_set.ts";
export * from "./evaluation/threshold_metrics.ts";
export * from "./experiments.ts";
export * from "./losses/activation.ts";
export * from "./losses/bce.ts";
export * from "./losses/bcena.ts";
export * from "./losses/cross_entropy.ts";
export * from "./losses/entropic_open_set.ts";
export * from "./losses/loss.ts";
export * from "./losses/mean_binary_cross_entropy.ts";
export * from "./losses/objectosphere.ts";
export * from "./losses/soft_cross_entropy.ts";
export * from "./losses/targets.ts";
export * from "./model/saved_model.ts";
export * from "./model/xresnet.ts";
export * from "./plots/confusion_matrix_plot.ts";
export * from "./plots/oscr_plot.ts";
export * from "./plots/reliability_plot.ts";
export * from "./plots/threshold_sweep_plot.ts";
export * from "./plots/training_curves_plot.ts";
export * from "./predict.ts";
export * from "./profiles.ts";
export * from "./report/write_report.ts";
export * from "./reproduce.ts";
export * from "./training/inference.ts";
export * from "./training/schedule.ts";
export * from "./training/trainer.ts";
