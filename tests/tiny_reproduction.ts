/**
 * A reproduction small enough to run within a test: four categories with awkward names, a few
 * pictures each, a tiny network.
 *
 * @module
 */
import { join } from "@std/path";
import { startBackend, stopBackend } from "../src/backend/start_backend.ts";
import type { CategoryGroups } from "../src/data/categories.ts";
import type { Dataset } from "../src/data/dataset.ts";
import { readImageFolder } from "../src/data/image_folder.ts";
import { ARTICLE_EXPERIMENTS } from "../src/article/experiments.ts";
import type { Reproduction } from "../src/reproduce.ts";
import { patternedPicture, writePicture } from "./data/pictures.ts";
import { inTemporaryFolder } from "./temporary_folder.ts";
import { tiny } from "./training/synthetic_data.ts";

const GROUPS: CategoryGroups = {
  known: ["cat, <i>black", 'dog "x"'],
  unknown: ["fish"],
  unseen: ["żuk"],
};

async function tinyDataset(root: string): Promise<Dataset> {
  let seed = 0;
  for (const [group, categories] of Object.entries(GROUPS)) {
    for (const category of categories) {
      for (const [split, count] of [["train", 6], ["val", 3]] as const) {
        if (split === "train" && group === "unseen") continue;
        for (let i = 0; i < count; i++) {
          const [long, short] = [20 + i, 18];
          const picture = i % 2 === 0
            ? patternedPicture(long, short, ++seed)
            : patternedPicture(short, long, ++seed);
          await writePicture(join(root, split, category, `${i}.png`), picture);
        }
      }
    }
  }
  return {
    name: "tiny",
    root,
    groups: GROUPS,
    categoryNames: { fish: "goldfish", "cat, <i>black": "black cat" },
    splits: await readImageFolder(root, GROUPS),
    leftOut: [],
  };
}

/** Runs a test with all that a reproduction needs, in a folder that is removed afterwards. */
export function withReproduction(
  test: (reproduction: Reproduction, log: string[]) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const backend = await startBackend("simd");
    const log: string[] = [];
    try {
      await test({
        dataset: await tinyDataset(join(folder, "pictures")),
        experiments: ARTICLE_EXPERIMENTS.map((experiment) => tiny(experiment)),
        seeds: [3],
        backend,
        out: join(folder, "results"),
        cacheFolder: join(folder, "cache"),
        fresh: false,
        log: (line) => log.push(line),
      }, log);
    } finally {
      await stopBackend();
    }
  });
}

/** The folder of the only run. */
export function runFolderOf(
  { out, experiments: [experiment], seeds: [seed] }: Reproduction,
): string {
  return join(out, experiment!.name, `seed-${seed}`);
}
