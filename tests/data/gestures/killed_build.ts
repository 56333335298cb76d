/** A program for tests that kill it: makes the data set in a folder, and says when it begins. */
import { GESTURES } from "../../../src/data/gestures/recipe.ts";

let begun = false;
await GESTURES.build(Deno.args[0]!, () => ({
  update: (done) => {
    if (done > 0 && !begun) console.log("begun");
    begun ||= done > 0;
  },
  stop: () => {},
}));
