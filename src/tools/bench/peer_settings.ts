/**
 * The settings that PyTorch offers on a CPU, and which of them is the fastest here.
 *
 * @module
 */
import { type Peer, type PeerTask, type PyTorch, startPeer, type StepKind } from "./peer.ts";

/** A setting of PyTorch with its speed, or with why it has none. */
export interface MeasuredSetting {
  /** As `pytorch_step.py` takes it. */
  readonly setting: string;
  /** Whether it computes in 32-bit floats, as our engine does. */
  readonly comparable: boolean;
  /** Of the fastest of a few steps. */
  readonly imagesPerSecond?: Readonly<Record<StepKind, number>>;
  readonly problem?: string;
}

/** Those in 32-bit floats, then those in others. */
const SETTINGS = [
  { setting: "eager", comparable: true },
  { setting: "channels_last", comparable: true },
  { setting: "compile", comparable: true },
  { setting: "channels_last+compile", comparable: true },
  { setting: "channels_last+bfloat16", comparable: false },
  { setting: "channels_last+compile+bfloat16", comparable: false },
];

/** In the first of them PyTorch compiles. */
const WARM_UP = 2;
const STEPS = 4;

/**
 * Runs a few steps in each setting; one that fails is listed with its reason.
 *
 * @param log takes a line on what is measured next
 */
export async function measureSettings(
  pytorch: PyTorch,
  task: PeerTask,
  log: (line: string) => void,
): Promise<MeasuredSetting[]> {
  const measured: MeasuredSetting[] = [];
  for (const setting of SETTINGS) {
    log(`  PyTorch, ${setting.setting}`);
    try {
      await using peer = startPeer(pytorch, setting.setting, task);
      const [train, evaluate] = [await bestOf(peer, "train"), await bestOf(peer, "evaluate")];
      const imagesPerSecond = {
        train: task.batchSize / train,
        evaluate: task.batchSize / evaluate,
      };
      measured.push({ ...setting, imagesPerSecond });
    } catch (error) {
      measured.push({ ...setting, problem: (error as Error).message });
    }
  }
  return measured;
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

async function bestOf(peer: Peer, kind: StepKind): Promise<number> {
  const seconds: number[] = [];
  for (let step = 0; step < WARM_UP + STEPS; step++) seconds.push(await peer.step(kind));
  return Math.min(...seconds.slice(WARM_UP));
}
