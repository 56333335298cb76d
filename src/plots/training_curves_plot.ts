/**
 * Training curves as plots.
 *
 * @module
 */
import type { HistoryRow } from "../training/history.ts";
import { CONFIG, type LayeredPlotSpec, type PlotSpec, SCHEMA, seriesEncoding } from "./theme.ts";

/** What training curves show: the epochs of one experiment's runs. */
export interface TrainingCurvesData {
  readonly title: string;
  /** One list of epochs per run, in order over all phases. */
  readonly runs: readonly (readonly HistoryRow[])[];
}

const LOSSES = [["training", "train_loss"], ["validation", "valid_loss"]] as const;
const ACCURACIES = [
  ["all, by argmax", "accuracy"],
  ["without na, by argmax", "accuracy_without_na"],
  ["with na, by threshold", "accuracy_with_na"],
] as const;
const PANEL_WIDTH = 290;
const PANEL_HEIGHT = 220;

/**
 * Losses and validation accuracies over the epochs, side by side. Runs of several seeds are lines
 * of one look; a gray rule marks the start of a phase.
 *
 * @throws {RangeError} if there is no epoch.
 */
export function trainingCurvesPlot({ title, runs }: TrainingCurvesData): PlotSpec {
  const epochs = Math.max(0, ...runs.map((run) => run.length));
  if (epochs === 0) throw new RangeError(`"${title}": there is no epoch to plot`);
  const phases = phaseStarts(runs[0]!);
  return {
    $schema: SCHEMA,
    title,
    hconcat: [
      panel(runs, "loss", LOSSES, phases, epochs, {}),
      panel(runs, "validation accuracy", ACCURACIES, phases, epochs, { axis: { format: ".0%" } }),
    ],
    resolve: { scale: { color: "independent", strokeDash: "independent", shape: "independent" } },
    config: CONFIG,
  };
}

type Metric = readonly [name: string, field: keyof HistoryRow];

interface PhaseStart {
  readonly phase: string;
  /** The number of the phase's first epoch, counted from 1 over all phases. */
  readonly epoch: number;
  /** Counted from 0; the labels of neighbours are on different heights. */
  readonly index: number;
}

function phaseStarts(run: readonly HistoryRow[]): PhaseStart[] {
  return run.flatMap(({ phase }, index) =>
    index > 0 && run[index - 1]!.phase === phase ? [] : [{ phase, epoch: index + 1 }]
  ).map((start, index) => ({ ...start, index }));
}

function panel(
  runs: TrainingCurvesData["runs"],
  quantity: string,
  metrics: readonly Metric[],
  phases: readonly PhaseStart[],
  epochs: number,
  yAxis: { axis?: { format: string } },
): LayeredPlotSpec {
  const values = runs.flatMap((run, runIndex) =>
    run.flatMap((epoch, index) =>
      metrics.flatMap(([metric, field]) => {
        const value = epoch[field];
        return value === null ? [] : [{ run: runIndex, epoch: index + 1, metric, value }];
      })
    )
  );
  const shown = metrics.map(([name]) => name)
    .filter((name) => values.some(({ metric }) => metric === name));
  const x = {
    field: "epoch",
    type: "quantitative" as const,
    title: "epoch",
    scale: { domain: [1, Math.max(2, epochs)], nice: false },
    axis: { tickMinStep: 1, format: "d" },
  };
  return {
    width: PANEL_WIDTH,
    height: PANEL_HEIGHT,
    layer: [
      {
        data: { values: phases.map((start) => ({ ...start })) },
        mark: { type: "rule", color: "#999999", strokeWidth: 1 },
        encoding: { x },
      },
      {
        data: { values: phases.map((start) => ({ ...start })) },
        mark: {
          type: "text",
          align: "left",
          baseline: "bottom",
          dx: 2,
          dy: { expr: "datum.index % 2 ? -3 : -17" },
          color: "#555555",
          fontSize: 11,
        },
        encoding: { x, y: { value: 0 }, text: { field: "phase", type: "nominal" } },
      },
      {
        data: { values },
        mark: { type: "line", strokeWidth: 2, point: { filled: true, size: 35 } },
        encoding: {
          x,
          y: {
            field: "value",
            type: "quantitative",
            title: quantity,
            scale: { zero: false },
            ...yAxis,
          },
          ...seriesEncoding("metric", shown),
          detail: { field: "run" },
        },
      },
    ],
  };
}
