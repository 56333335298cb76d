import assert from "node:assert/strict";
import { renderSvg } from "../../src/plots/render.ts";
import { tradeOffPlot } from "../../src/plots/trade_off_plot.ts";
import { assertDrawnAs, textsOf } from "./snapshots.ts";

const PLOT = tradeOffPlot({
  title: "Known accuracy against unseen pictures rejected",
  group: "unseen",
  experiments: [
    {
      title: "BCE",
      sweep: [{ known: 0.9, rejected: 0 }, { known: 0.7, rejected: 0.5 }, {
        known: 0,
        rejected: 1,
      }],
      own: { known: 0.9, rejected: 0 },
      published: [],
    },
    {
      title: "BCENa",
      sweep: [{ known: 0.8, rejected: 0.1 }, { known: 0.7, rejected: 0.8 }, {
        known: 0,
        rejected: 1,
      }],
      own: { known: 0.7, rejected: 0.8 },
      published: [{ known: 0.75, rejected: 0.6 }],
    },
  ],
});

Deno.test("the trade-off is drawn as in its snapshot", () => assertDrawnAs("trade_off", PLOT));

Deno.test("the trade-off names the group and every experiment once", async () => {
  const texts = textsOf(await renderSvg(PLOT));
  for (const text of ["unseen pictures rejected", "known pictures correct", "BCE", "BCENa"]) {
    assert.equal(texts.filter((each) => each === text).length, 1, text);
  }
});
