import type { EpochMeasures } from "../training/history.ts";
import { CONFIG, type LayeredPlotSpec, type PlotSpec, SCHEMA, seriesEncoding } from "./theme.ts";

/** The data of training curves: the epochs of one experiment's runs. */
export interface TrainingCurvesData {
  readonly title: string;
  /** One list of epochs per run, in order over all phases. */
  readonly runs: readonly (readonly EpochMeasures[])[];
  /** Reference runs with the same phases. */
  readonly references?: readonly {
    /** The source's name in the figure. */
    readonly source: string;
    readonly epochs: readonly EpochMeasures[];
  }[];
}

const LOSSES = [["training", "train_loss"], ["validation", "valid_loss"]] as const;
const ACCURACIES = [
  ["all, by argmax", "accuracy"],
  ["without na, by argmax", "accuracy_without_na"],
  ["with na, by threshold", "accuracy_with_na"],
] as const;

/**
 * Losses and validation accuracies over the epochs, side by side. Runs with different seeds are
 * lines of the same look. References have the same colours, each with its own look of {@linkcode
 * REFERENCE_LOOKS}. A gray rule marks the start of a phase.
 *
 * @throws {RangeError} if there are no epochs.
 */
export function trainingCurvesPlot(data: TrainingCurvesData): PlotSpec {
  const { title, runs, references = [] } = data;
  const shown = [...runs, ...references.map(({ epochs }) => epochs)];
  const epochs = Math.max(0, ...shown.map((run) => run.length));
  if (runs.every((run) => run.length === 0)) {
    throw new RangeError(`"${title}": no epochs to plot`);
  }
  // Short: without a canvas, Vega overestimates the width of texts and widens the figure for them.
  const subtitle = [
    "thick: ours",
    ...references.map(({ source }, index) => `${lookOf(index)}: ${source}`),
  ];
  return {
    $schema: SCHEMA,
    title: references.length === 0 ? title : { text: title, subtitle: subtitle.join("; ") },
    hconcat: [
      panel(data, "loss", LOSSES, epochs, {}),
      panel(data, "validation accuracy", ACCURACIES, epochs, { axis: { format: ".0%" } }),
    ],
    resolve: { scale: { color: "independent", strokeDash: "independent", shape: "independent" } },
    config: CONFIG,
  };
}

/** The looks of references in {@linkcode trainingCurvesPlot}, in their order; more repeat them. */
export const REFERENCE_LOOKS: readonly string[] = ["thin", "hollow", "dots", "large"];

/** The look of the reference at this index, one of {@linkcode REFERENCE_LOOKS}. */
export function lookOf(reference: number): string {
  return REFERENCE_LOOKS[reference % REFERENCE_LOOKS.length]!;
}

type Layer = Extract<LayeredPlotSpec["layer"][number], { mark: unknown }>;

type Metric = readonly [name: string, field: keyof EpochMeasures];

/**
 * Each phase with its first epoch, from 1, and its index, so that neighbours' labels alternate in
 * height.
 */
function phaseStarts(run: readonly EpochMeasures[]) {
  return run.flatMap(({ phase }, index) =>
    index > 0 && run[index - 1]!.phase === phase ? [] : [{ phase, epoch: index + 1 }]
  ).map((start, index) => ({ ...start, index }));
}

function panel(
  { runs, references = [] }: TrainingCurvesData,
  quantity: string,
  metrics: readonly Metric[],
  epochs: number,
  yAxis: { axis?: { format: string } },
): LayeredPlotSpec {
  const phases = { values: phaseStarts(runs[0]!) };
  const values = pointsOf(runs, metrics);
  const shown = metrics.map(([name]) => name)
    .filter((name) => values.some(({ metric }) => metric === name));
  const x = {
    field: "epoch",
    type: "quantitative" as const,
    title: "epoch",
    scale: { domain: [1, Math.max(2, epochs)], nice: false },
    axis: { tickMinStep: 1, format: "d" },
  };
  const y = {
    field: "value",
    type: "quantitative" as const,
    title: quantity,
    scale: { zero: false },
    ...yAxis,
  };
  const { color, shape, strokeDash } = seriesEncoding("metric", shown);
  // With a shape channel, Vega-Lite would draw points on a line.
  const line = { x, y, color, strokeDash, detail: { field: "run" } };
  const points = { x, y, color, shape };
  const hollow = { type: "point", filled: false, strokeWidth: 1 } as const;
  const looks: Readonly<Record<string, Pick<Layer, "mark" | "encoding">>> = {
    thin: { mark: { type: "line", strokeWidth: 1 }, encoding: line },
    hollow: { mark: { ...hollow, size: 90 }, encoding: points },
    dots: { mark: { type: "circle", size: 10, opacity: 1 }, encoding: { x, y, color } },
    large: { mark: { ...hollow, size: 320 }, encoding: points },
  };
  const layers = references.map(({ epochs }, index): Layer => ({
    data: { values: pointsOf([epochs], metrics) },
    ...looks[lookOf(index)]!,
  }));
  const isLine = (layer: Layer) => layer.encoding === line;
  return {
    width: 290,
    height: 220,
    layer: [
      {
        data: phases,
        mark: { type: "rule", color: "#999999", strokeWidth: 1 },
        encoding: { x },
      },
      {
        data: phases,
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
      // Points of references are drawn over our lines, their lines under ours.
      ...layers.filter(isLine),
      {
        data: { values },
        mark: { type: "line", strokeWidth: 2, point: { filled: true, size: 35 } },
        encoding: { ...line, shape },
      },
      ...layers.filter((layer) => !isLine(layer)),
    ],
  };
}

function pointsOf(runs: TrainingCurvesData["runs"], metrics: readonly Metric[]) {
  return runs.flatMap((run, runIndex) =>
    run.flatMap((epoch, index) =>
      metrics.flatMap(([metric, field]) => {
        const value = epoch[field];
        return value === null ? [] : [{ run: runIndex, epoch: index + 1, metric, value }];
      })
    )
  );
}
