import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import type { KernelRun } from "../../src/backend/simd_backend.ts";
import { LAYERS, NO_LAYERS, reachKernels } from "./layers_coverage.ts";
import { onSimd } from "./on_backends.ts";

const README = fromFileUrl(new URL("../../src/backend/README.md", import.meta.url));
const BEGIN = "<!-- coverage: written by tests/backend/layers_coverage_test.ts -->\n";
const END = "<!-- end of coverage -->\n";

Deno.test("every layer of tfjs takes part in the list of kernels", () => {
  assert.deepEqual(Object.keys(tf.layers).sort(), [...Object.keys(LAYERS), ...NO_LAYERS].sort());
});

// Written anew by: UPDATE_COVERAGE=1 deno test -A tests/backend/layers_coverage_test.ts
Deno.test("the README's list of kernels is what tfjs Layers run on simd", async () => {
  const table = await onSimd(async (backend) => {
    const runs = new Map<string, Set<string>>();
    await reachKernels(backend, (run) => {
      const ways = runs.get(run.kernelName) ?? new Set();
      runs.set(run.kernelName, ways.add(wayOf(run)));
    });
    return format(runs);
  });
  const text = await Deno.readTextFile(README);
  const [before, after] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  assert.ok(before >= BEGIN.length && after >= before, `${README} has no place for the list`);
  if (Deno.env.get("UPDATE_COVERAGE")) {
    await Deno.writeTextFile(README, text.slice(0, before) + `\n${table}\n\n` + text.slice(after));
    return;
  }
  assert.equal(
    words(text.slice(before, after)),
    words(table),
    "the list is out of date; write it anew with UPDATE_COVERAGE=1",
  );
});

/** Who computed, and of a stock kernel from what, if not from float32. */
function wayOf({ by, inputs }: KernelRun): string {
  if (by !== "cpu") return by;
  const types = new Set(Object.values(inputs).map((input) => input?.dtype ?? "float32"));
  types.delete("float32");
  return types.size === 0 ? "cpu" : `cpu of ${[...types].sort().join(" and ")}`;
}

function format(runs: ReadonlyMap<string, ReadonlySet<string>>): string {
  const names = (chosen: (ways: readonly string[]) => boolean) =>
    [...runs].filter(([, ways]) => chosen([...ways])).map(([name]) => name).sort();
  const isCpu = (way: string) => way.startsWith("cpu");
  const native = names((ways) => ways.includes("simd") && !ways.includes("cpu"));
  const both = names((ways) => ways.includes("simd") && ways.includes("cpu"));
  const stock = names((ways) => !ways.includes("simd") && ways.includes("cpu"));
  const others = names((ways) =>
    !ways.includes("simd") && !ways.includes("cpu") && ways.some(isCpu)
  );
  const none = names((ways) => ways.every((way) => way === "none"));
  const rows = [
    ["native, of float32", native],
    ["native, but for some shapes or attributes", both],
    ["stock cpu kernel", stock],
    ["stock cpu kernel, met with whole numbers among its inputs", others],
    ["none: the result has the input's values", none],
  ] as const;
  return rows
    .filter(([, list]) => list.length > 0)
    .map(([title, list]) => {
      const text = `- **${title}**: ${list.map((name) => `\`${name}\``).join(", ")}`;
      return text.replaceAll(/(.{1,98})(?: |$)/g, "$1\n  ").trimEnd();
    })
    .join("\n");
}

/** How lines are broken is not compared. */
function words(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
