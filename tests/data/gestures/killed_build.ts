/** A program for tests that kill it: makes the data set in a folder, and says when it begins. */
import { openGestures } from "../../../src/data/gestures/mod.ts";
import { GESTURES_RECIPE } from "../../../src/data/gestures/recipe.ts";

let begun = false;
await openGestures({
  folder: Deno.args[0]!,
  recipe: GESTURES_RECIPE,
  progress: {
    update: (done) => {
      if (done > 0 && !begun) console.log("begun");
      begun ||= done > 0;
    },
    stop: () => {},
  },
});
