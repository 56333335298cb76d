/**
 * PyTorch's settings on a CPU, and the fastest of them on this machine.
 *
 * @module
 */
import { type PeerTask, type PyTorch, startPeer, type StepKind } from "./peer.ts";

/** A setting of PyTorch with its speed, or the reason why it failed. */
export interface MeasuredSetting {
  /** The setting, in the notation of `pytorch_step.py`. */
  readonly setting: string;
  /** Whether it computes in 32-bit floats, like our engine. */
  readonly comparable: boolean;
  /** The speed of the fastest of a few steps. */
  readonly imagesPerSecond?: Readonly<Record<StepKind, number>>;
  readonly problem?: string;
}

/** Settings in 32-bit floats, then others. */
const SETTINGS = [
  { setting: "eager", comparable: true },
  { setting: "channels_last", comparable: true },
  { setting: "compile", comparable: true },
  { setting: "channels_last+compile", comparable: true },
  { setting: "channels_last+bfloat16", comparable: false },
  { setting: "channels_last+compile+bfloat16", comparable: false },
];

/** Steps before the measured ones; in the first, PyTorch compiles. */
const WARM_UP = 2;
const ROUNDS = 6;

/**
 * Runs a few steps in each setting, all in turn, so that a busy moment of the machine affects all
 * equally. A setting that fails is listed with the reason.
 *
 * @param log receives a line about the next measurement
 */
export async function measureSettings(
  pytorch: PyTorch,
  task: PeerTask,
  log: (line: string) => void,
): Promise<MeasuredSetting[]> {
  await using peers = new AsyncDisposableStack();
  const surveyed = SETTINGS.map((setting) => ({
    ...setting,
    peer: peers.use(startPeer(pytorch, setting.setting, task)),
    fastest: { train: Infinity, evaluate: Infinity },
    problem: "",
  }));
  const stepEach = async (kind: StepKind, counts: boolean) => {
    for (const one of surveyed) {
      if (one.problem !== "") continue;
      try {
        const seconds = await one.peer.step(kind);
        if (counts) one.fastest[kind] = Math.min(one.fastest[kind], seconds);
      } catch (error) {
        one.problem = (error as Error).message;
      }
    }
  };
  for (const kind of ["train", "evaluate"] as const) {
    log(`  ${kind} steps of PyTorch in each of its settings`);
    for (let round = 0; round < WARM_UP + ROUNDS; round++) await stepEach(kind, round >= WARM_UP);
  }
  return surveyed.map(({ setting, comparable, fastest, problem }) => ({
    setting,
    comparable,
    ...problem === "" ? { imagesPerSecond: speedsOf(fastest, task) } : { problem },
  }));
}

/** The fastest setting in 32-bit floats; `undefined` if all fail. */
export function fastestSetting(
  measured: readonly MeasuredSetting[],
  kind: StepKind,
): string | undefined {
  const speed = ({ imagesPerSecond }: MeasuredSetting) => imagesPerSecond?.[kind] ?? 0;
  const [fastest] = measured
    .filter((setting) => setting.comparable && setting.imagesPerSecond !== undefined)
    .sort((a, b) => speed(b) - speed(a));
  return fastest?.setting;
}

function speedsOf(seconds: Record<StepKind, number>, { batchSize }: PeerTask) {
  return { train: batchSize / seconds.train, evaluate: batchSize / seconds.evaluate };
}
