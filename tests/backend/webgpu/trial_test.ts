import assert from "node:assert/strict";
import { tryWebGpu } from "../../../src/backend/webgpu/trial.ts";

const WAY_OUT = "; --backend simd computes without a GPU";

function worker(name: string): URL {
  return new URL(`${name}_worker.ts`, import.meta.url);
}

function assertRefused(trial: Promise<void>, reason: RegExp): Promise<void> {
  return assert.rejects(trial, ({ message }: Error) => {
    assert.match(message, /^--backend webgpu: /);
    assert.match(message, reason);
    assert.ok(message.endsWith(WAY_OUT), message);
    assert.ok(!message.includes("\n"), message);
    return true;
  });
}

Deno.test("a backend that trains as the stock cpu backend does passes its trial", () =>
  tryWebGpu(worker("right")));

Deno.test("a backend with wrong gradients is refused, though its first loss is right", () =>
  assertRefused(
    tryWebGpu(worker("zero_gradient")),
    /its loss in step [2-6] of a trial is [\d.]+, not [\d.]+/,
  ));

Deno.test("a backend whose losses are not numbers is refused", () =>
  assertRefused(tryWebGpu(worker("nan")), /its loss in step 1 of a trial is NaN, not [\d.]+/));

Deno.test("an adapter that tfjs cannot use is refused with tfjs's reason", () =>
  assertRefused(
    tryWebGpu(worker("refused_features")),
    /webgpu: requiredFeatures can not be converted to a enum;/,
  ));

Deno.test("without an adapter the driver is named", () =>
  assertRefused(
    tryWebGpu(worker("no_adapter")),
    /no WebGPU adapter answers; install a Vulkan driver \(Debian: mesa-vulkan-drivers\)/,
  ));

for (const name of ["waiting", "blocking"]) {
  Deno.test(`a backend that hangs by ${name} is refused when its time is over`, () =>
    assertRefused(tryWebGpu(worker(name), 2), /did not end in 2 s/));
}
