/**
 * Stops a tiny run (embedded gestures, profile smoke) with a random signal at a random moment, sent
 * to its main process or to its whole group; continues it, and compares its files, bit by bit, with
 * those of an undisturbed run.
 *
 * `deno run -A tests/by_hand/kill_trials.ts [COUNT [SEED [TOGETHER]]]` prints a summary, and exits
 * with 1 if a trial failed; TOGETHER is how many run at the same time. The summary of 200 trials is
 * kept, formatted, in `kill_trials.md`.
 *
 * It works on copies of the project in the system's temporary folder, and gives runs their own
 * temporary folder, so that anything left behind is found.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { sha256 } from "../../src/files/digest.ts";
import { filesBelow, isFolder } from "../../src/files/path_kind.ts";
import { randomStream } from "../../src/random.ts";

const PROJECT = fromFileUrl(new URL("../..", import.meta.url));
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const;
const RECEIVERS = ["visible process", "group"] as const;

/**
 * The files present when a run begins; with fewer of them, more parts of the run are still to come.
 * The first run begins with nothing, and makes the files the others begin with.
 */
const BEGINNINGS: Readonly<Record<string, readonly string[]>> = {
  nothing: [],
  pictures: ["data/gestures"],
  "decoded pictures": ["data/gestures", "data/cache"],
  "all but the report": ["data/gestures", "data/cache", "results/bcena"],
};

/**
 * Parts of a run, each with the text shown at its beginning; the last text shown tells the current
 * part.
 */
const PARTS: readonly [part: string, shown: RegExp][] = [
  ["start", /^/],
  ["gestures built", /drawing gestures/],
  ["decoding", /decoding/],
  ["training and validation", /training on/],
  ["test", / epoch 1 /],
  ["report", /tested \d+ pictures|kept/],
];

/** Seconds within which a stopped run must end, even on a busy machine. */
const PATIENCE = 120;

interface Trial {
  readonly beginning: string;
  readonly signal: typeof SIGNALS[number];
  readonly receiver: typeof RECEIVERS[number];
  readonly seconds: number;
  /** The part of the run at the time of the signal. */
  readonly part: string;
  /** Files left over after the run had ended, before it was continued. */
  readonly between: readonly string[];
  /** Faults; empty if the bits are the same and nothing is left over. */
  readonly faults: readonly string[];
}

/** Where trials run, one after another. */
interface Place {
  /** The copy of the project. */
  readonly project: string;
  /** What the undisturbed run left, for runs to begin with. */
  readonly kept: string;
  /** The temporary folder of runs. */
  readonly temporary: string;
}

const [count = 200, seed = 1, together = 2] = Deno.args.map(Number);
const folder = await Deno.makeTempDir();
try {
  const trials = await runTrials(count, seed, together);
  const summary = summaryOf(trials, seed);
  console.log(summary);
  if (count >= 200) {
    await Deno.writeTextFile(fromFileUrl(new URL("./kill_trials.md", import.meta.url)), summary);
  }
  if (trials.some(({ faults }) => faults.length > 0)) Deno.exitCode = 1;
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function runTrials(count: number, seed: number, together: number): Promise<Trial[]> {
  const places = Array.from({ length: together }, (_, index): Place => {
    const inside = (name: string) => join(folder, String(index), name);
    return { project: inside("project"), kept: inside("kept"), temporary: inside("temporary") };
  });
  for (const { project, temporary } of places) {
    for (const name of ["src", "deno.json", "deno.lock"]) await copy(join(PROJECT, name), project);
    await Deno.mkdir(temporary);
  }
  let expected: ReadonlyMap<string, string> | undefined;
  const lasts = new Map<string, number>();
  for (const beginning of Object.keys(BEGINNINGS)) {
    for (const place of places) await begin(place, beginning);
    const began = performance.now();
    const undisturbed = await Promise.all(places.map((place) => started(place).ended()));
    lasts.set(beginning, (performance.now() - began) / 1000);
    console.error(`from ${beginning}: ${lasts.get(beginning)!.toFixed(1)} s`);
    const failed = undisturbed.find(({ code }) => code !== 0);
    if (failed !== undefined) throw new Error(`undisturbed: ${failed.shown}`);
    if (expected !== undefined) continue;
    expected = await bits(places[0]!);
    for (const { project, kept } of places) {
      for (const name of ["data", "results"]) await copy(join(project, name), kept);
    }
  }
  const trials: Trial[] = [];
  let next = 0;
  await Promise.all(places.map(async (place) => {
    while (next < count) {
      const index = next++;
      const random = randomStream("kill trial", seed, index);
      const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!;
      const beginning = pick(Object.keys(BEGINNINGS));
      const plan = {
        beginning,
        signal: pick(SIGNALS),
        receiver: pick(RECEIVERS),
        seconds: random() * lasts.get(beginning)!,
      };
      trials[index] = { ...plan, ...await outcomeOf(place, plan, expected!) };
      console.error(`${index + 1}/${count} ${rowOf(trials[index])}`);
    }
  }));
  return trials;
}

async function outcomeOf(
  place: Place,
  { beginning, signal, receiver, seconds }: Pick<
    Trial,
    "beginning" | "signal" | "receiver" | "seconds"
  >,
  expected: ReadonlyMap<string, string>,
): Promise<Pick<Trial, "part" | "between" | "faults">> {
  await begin(place, beginning);
  const run = started(place);
  await pause(seconds);
  const part = partOf(run.shown());
  const faults: string[] = [];
  try {
    Deno.kill(receiver === "group" ? -run.pid : run.pid, signal);
  } catch (error) {
    // It may have ended slightly sooner than the undisturbed run.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (!await run.groupEnds()) faults.push(`still running ${PATIENCE} s after the signal`);
  const between = await leftovers(place);
  const continued = await started(place).ended();
  if (continued.code !== 0) {
    faults.push(`continuing it exits with ${continued.code}: ${lastLine(continued.shown)}`);
  }
  const found = await bits(place);
  const other = [...new Set([...expected.keys(), ...found.keys()])]
    .filter((path) => found.get(path) !== expected.get(path));
  if (other.length > 0) faults.push(`other bits: ${other.slice(0, 5).join(", ")}`);
  const left = await leftovers(place);
  if (left.length > 0) faults.push(`left behind: ${left.join(", ")}`);
  return { part, between, faults };
}

/** Provides the files present when a run begins, as links, which keep the pictures' times. */
async function begin({ project, kept, temporary }: Place, beginning: string): Promise<void> {
  for (const name of ["data", "results"]) {
    await Deno.remove(join(project, name), { recursive: true }).catch(() => {});
  }
  for (const { name } of Deno.readDirSync(temporary)) {
    await Deno.remove(join(temporary, name), { recursive: true });
  }
  await Deno.mkdir(join(project, "data"));
  for (const path of BEGINNINGS[beginning]!) {
    await Deno.mkdir(join(project, path, ".."), { recursive: true });
    await copy(join(kept, path), join(project, path, ".."), "-al");
  }
}

async function copy(from: string, into: string, how = "-a"): Promise<void> {
  await Deno.mkdir(into, { recursive: true });
  const { success, stderr } = await new Deno.Command("cp", { args: [how, from, into] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Starts a run in its own process group, as a shell does. */
function started({ project, temporary }: Place) {
  const child = new Deno.Command("npx", {
    args: [
      ...["--yes", `deno@${Deno.version.deno}`, "task", "--quiet", "reproduce"],
      ...["--dataset", "gestures", "--profile", "smoke", "--network", "plain-cnn"],
      ...["--only", "bcena", "--threads", "1", "--out", "results"],
    ],
    cwd: project,
    env: { NO_COLOR: "1", TMPDIR: temporary },
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let shown = "";
  const readers = [child.stdout, child.stderr].map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) shown += text;
  });
  return {
    pid: child.pid,
    shown: () => shown,
    async ended() {
      const { code } = await child.status;
      await Promise.all(readers);
      return { code, shown };
    },
    /** Whether all processes of the group end in time; ends any that do not. */
    async groupEnds(): Promise<boolean> {
      for (let waited = 0; waited < PATIENCE; waited += 0.2) {
        if (!await isThere(child.pid)) return true;
        await pause(0.2);
      }
      Deno.kill(-child.pid, "SIGKILL");
      return false;
    },
  };
}

/** Whether a process group has a running process. */
async function isThere(group: number): Promise<boolean> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pgid=,stat="] }).output();
  return new TextDecoder().decode(stdout).split("\n").some((line) => {
    const [pgid, state = "Z"] = line.trim().split(/\s+/);
    return Number(pgid) === group && !state.startsWith("Z");
  });
}

/** Digests of a run's files that are the same for identical runs. */
async function bits({ project }: Place): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for (const folder of ["data/gestures", "results"]) {
    if (!isFolder(join(project, folder))) continue;
    for (const path of await filesBelow(join(project, folder))) {
      // Temporary files are not results; if they stay, they are found as left over.
      if (/\.tmp(\/|$)/.test(path)) continue;
      if (!/\.(jpg|svg|bin)$|recipe\.json$|predictions\.csv$|history\.csv$/.test(path)) continue;
      const file = await Deno.readFile(join(project, folder, path));
      // The last column of the history is the duration of an epoch in seconds.
      const content = path.endsWith("history.csv")
        ? new TextDecoder().decode(file).replaceAll(/,[^,]*$/gm, "")
        : file;
      digests.set(join(folder, path), sha256(content));
    }
  }
  return digests;
}

/**
 * Files that no finished run has: temporary files, locks, checkpoints, and all outside its folder.
 */
async function leftovers({ project, temporary }: Place): Promise<string[]> {
  const inProject = (await Promise.all(["data", "results"].map(async (name) => {
    const folder = join(project, name);
    return isFolder(folder) ? (await filesBelow(folder)).map((path) => join(name, path)) : [];
  }))).flat();
  const stray = inProject.filter((path) => /\.tmp(\/|$)|\.lock$|checkpoint/.test(path));
  const outside = (await filesBelow(temporary)).map((path) => join("$TMPDIR", path));
  const names = [...stray, ...outside].map((path) => path.replaceAll(/[0-9a-f-]{8,}/g, "*"));
  return [...new Set(names.map((path) => path.replace(/(\.tmp|\$TMPDIR\/[^/]*)\/.*/, "$1/...")))];
}

function partOf(shown: string): string {
  return PARTS.findLast(([, begins]) => begins.test(shown))![0];
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)!;
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

function rowOf({ beginning, signal, receiver, seconds, part, between, faults }: Trial): string {
  const outcome = faults.length === 0 ? "same bits" : faults.join("; ");
  const when = `${seconds.toFixed(1)} s from ${beginning}`;
  return `${signal} to the ${receiver}, ${when}, in ${part}: ${outcome}` +
    (between.length === 0 ? "" : ` (before: ${between.join(", ")})`);
}

function summaryOf(trials: readonly Trial[], seed: number): string {
  const failed = trials.filter(({ faults }) => faults.length > 0);
  const row = (name: string, of: readonly Trial[]) => {
    const same = of.filter(({ faults }) => faults.length === 0).length;
    const byKill = of.filter(({ signal, between }) => signal === "SIGKILL" && between.length > 0);
    return `| ${name} | ${of.length} | ${same} | ${of.length - same} | ${byKill.length} |`;
  };
  return [
    `# ${trials.length} trials, seed ${seed}, ${failed.length} failures`,
    "",
    "Written by `deno run -A tests/by_hand/kill_trials.ts`. Each run was stopped once and continued.",
    "It fails if it does not end, is not continued, ends with other bits than a run that nothing",
    "disturbed, or leaves a temporary file, a lock or a checkpoint. What SIGKILL leaves until the run",
    "is continued is counted, too.",
    "",
    "| stopped in | trials | same bits, nothing left | failures | files between, after SIGKILL |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...PARTS.map(([part]) => row(part, trials.filter((trial) => trial.part === part))),
    ...SIGNALS.flatMap((signal) =>
      RECEIVERS.map((receiver) =>
        row(
          `${signal} to the ${receiver}`,
          trials.filter((trial) => trial.signal === signal && trial.receiver === receiver),
        )
      )
    ),
    row("all", trials),
    "",
    ...failed.map((trial) => `- **failed**: ${rowOf(trial)}`),
  ].join("\n").trimEnd() + "\n";
}
