/**
 * Work on many pictures, a few at a time.
 *
 * @module
 */
import { availableParallelism } from "node:os";

/**
 * Runs an action on each item, a few at a time, and yields the results in the order of the items.
 * An item starts only after all but the last few results were taken. If the loop over the results
 * ends early, it waits for the actions under way.
 *
 * @param action if a call throws, the loop ends when its result is due
 * @param atOnce the most actions under way; by default two for each core
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
      // A failure is handled when its result is due; until then it must not count as unhandled.
      result.catch(() => {});
      underWay.push(result);
      if (underWay.length === atOnce) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    await Promise.allSettled(underWay);
  }
}
