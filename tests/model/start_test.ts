import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Network } from "../../src/model/network.ts";
import { saveModel } from "../../src/model/saved_model.ts";
import { startDigests, startNetwork } from "../../src/model/start.ts";
import { xresnet } from "../../src/model/xresnet.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

await tf.setBackend("cpu");

const OPTIONS = { stem: [2, 2, 4], stages: [4, 6], blocks: [1, 1], hidden: 8 } as const;
const SMALL = xresnet("small", OPTIONS);

/** A network that has seen pictures, so that its running statistics are its own. */
function used(definition = SMALL, seed = 7): Network {
  const network = definition.build(3, seed);
  tf.tidy(() => {
    const images = tf.randomNormal<tf.Rank.R4>([4, 16, 16, 3], 0, 1, "float32", seed);
    network.forward(images, { training: true });
  });
  return network;
}

async function saved(network: Network, folder: string, precision?: "half"): Promise<string> {
  const metadata = {
    experiment: "ce",
    labels: ["a", "b", "c"],
    size: 16,
    activation: "softmax",
    decision: "argmax",
    mean: [0.485, 0.456, 0.406],
    deviation: [0.229, 0.224, 0.225],
  } as const;
  await saveModel(folder, network, metadata, precision);
  return folder;
}

function valuesOf(network: Network): Map<string, number[]> {
  return new Map(
    [...network.namedVariables()].map(([name, variable]) => [name, [...variable.dataSync()]]),
  );
}

/** The variables in which two networks agree. */
function shared(one: Network, other: Network): string[] {
  const values = valuesOf(other);
  return [...valuesOf(one)].filter(([name, own]) => String(own) === String(values.get(name)))
    .map(([name]) => name);
}

Deno.test("a group starts with all values of the trained one, running statistics included, others as they were", () =>
  inTemporaryFolder(async (folder) => {
    const trained = used();
    await saved(trained, join(folder, "run", "model"));
    const [untouched, started] = [SMALL.build(5, 1), SMALL.build(5, 1)];
    await startNetwork(started, { stem: join(folder, "run") });
    const inStem = [...started.namedVariables().keys()].filter((name) => name.startsWith("stem."));
    assert.equal(inStem.length, 15, "three convolutions with two vectors and two statistics each");
    for (const [name, values] of valuesOf(started)) {
      const source = inStem.includes(name) ? trained : untouched;
      assert.deepEqual(values, valuesOf(source).get(name), name);
    }
    for (const network of [trained, untouched, started]) network.dispose();
  }));

Deno.test("the body is all groups but the last; a group's own entry comes first", () =>
  inTemporaryFolder(async (folder) => {
    const [one, other] = [used(SMALL, 7), used(SMALL, 8)];
    const [first, second] = [
      await saved(one, join(folder, "one")),
      await saved(other, join(folder, "other")),
    ];
    const started = SMALL.build(5, 1);
    await startNetwork(started, { body: first, stages: second });
    assert.ok(!shared(started, one).includes("head.norm1.mean"));
    assert.ok(shared(started, one).includes("stem.0.0"));
    assert.ok(shared(started, other).includes("blocks.0.convpath.0.0"));
    assert.ok(!shared(started, one).includes("blocks.0.convpath.0.0"));
    const random = SMALL.build(5, 1);
    await startNetwork(random, { body: first, stem: "random" });
    assert.ok(!shared(random, one).includes("stem.0.0"));
    assert.ok(shared(random, one).includes("blocks.0.convpath.0.0"));
    for (const network of [one, other, started, random]) network.dispose();
  }));

Deno.test("a network in half precision starts another within a part in 2,048, its batch norms exactly", () =>
  inTemporaryFolder(async (folder) => {
    const trained = used();
    const half = await saved(trained, join(folder, "half"), "half");
    const single = await saved(trained, join(folder, "single"));
    const bytes = (of: string) => Deno.statSync(join(of, "weights.bin")).size;
    assert.ok(bytes(half) < 0.7 * bytes(single), `${bytes(half)} and ${bytes(single)} bytes`);
    const started = SMALL.build(3, 1);
    await startNetwork(started, { body: half, head: half });
    for (const [name, values] of valuesOf(started)) {
      const exact = valuesOf(trained).get(name)!;
      const tolerance = /\.(gamma|beta|mean|variance)$/.test(name) ? 0 : 2 ** -11;
      values.forEach((value, index) => {
        const allowed = Math.max(tolerance * Math.abs(exact[index]!), tolerance * 2 ** -14);
        assert.ok(Math.abs(value - exact[index]!) <= allowed, `${name}: ${value}, ${exact[index]}`);
      });
    }
    assert.notDeepEqual(await startDigests({ stem: half }), await startDigests({ stem: single }));
    trained.dispose();
    started.dispose();
  }));

Deno.test("starting leaves no tensors, whether it succeeds or fails", () =>
  inTemporaryFolder(async (folder) => {
    const trained = used();
    await saved(trained, folder);
    const wider = xresnet("wider", { ...OPTIONS, stages: [4, 8] });
    const [fitting, other] = [SMALL.build(3, 1), wider.build(3, 1)];
    const before = tf.memory().numTensors;
    await startNetwork(fitting, { body: folder });
    await assert.rejects(startNetwork(other, { body: folder }));
    assert.equal(tf.memory().numTensors, before);
    for (const network of [trained, fitting, other]) network.dispose();
  }));

Deno.test("a start that cannot be is named with group, folder and way out", () =>
  inTemporaryFolder(async (folder) => {
    const trained = used();
    const model = await saved(trained, join(folder, "model"));
    const variable = trained.namedVariables().get("stem.1.0")!;
    variable.assign(tf.fill(variable.shape, NaN));
    const broken = await saved(trained, join(folder, "broken"));
    const wider = xresnet("wider", { ...OPTIONS, stem: [2, 2, 6] }).build(3, 1);
    const network = SMALL.build(5, 1);
    const cases: [Network, Record<string, string>, RegExp][] = [
      [
        network,
        { tail: model },
        /start: network "small" has no group "tail"; it has stem, stages, /,
      ],
      [
        network,
        { stem: join(folder, "none") },
        /none\/model\.json: cannot be read .*; give the fo/,
      ],
      [network, { stem: broken }, /broken: stem of .* stem\.1\.0 has values that are not finite/],
      [network, { head: model }, /head of .*: its l2 has the shape \[8,3\], not \[8,5\]; name an/],
      [
        wider,
        { stem: model },
        /stem of network "wider" cannot start from this "small": its stem\.2/,
      ],
    ];
    for (const [of, start, message] of cases) {
      await assert.rejects(startNetwork(of, start), { message });
    }
    const weights = join(model, "weights.bin");
    const bytes = await Deno.readFile(weights);
    bytes[100]! ^= 1;
    await Deno.writeFile(weights, bytes);
    await assert.rejects(startNetwork(network, { stem: model }), {
      message: /weights\.bin: damaged/,
    });
    for (const each of [trained, wider, network]) each.dispose();
  }));
