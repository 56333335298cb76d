/**
 * Work on many pictures, a few at a time.
 *
 * @module
 */
import { availableParallelism } from "node:os";

/**
 * Does something with each item, a few at a time, and yields the results in the order of the items.
 * No item is begun before the results of all but the last few were taken. If the loop over the
 * results ends early, it ends when what was begun has ended.
 *
 * @param action a call that throws ends the loop when the turn of its result has come
 * @param atOnce how many are under way at most; by default two for each core
 */
export async function* inParallel<Item, Result>(
  items: Iterable<Item>,
  action: (item: Item) => Promise<Result>,
  atOnce: number = 2 * availableParallelism(),
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  try {
    for (const item of items) {
      const result = action(item);
      // A failure is met when its turn comes; until then it must not count as unhandled.
      result.catch(() => {});
      underWay.push(result);
      if (underWay.length === atOnce) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    await Promise.allSettled(underWay);
  }
}
