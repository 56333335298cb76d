import assert from "node:assert/strict";
import { parseFormula } from "../../../src/tools/golden/formula.ts";

Deno.test("parseFormula() computes as people read it", () => {
  const cases: [string, number][] = [
    ["sin(j*0.371) + cos(j*0.011)", Math.sin(5 * 0.371) + Math.cos(5 * 0.011)],
    ["sqrt(2/n) * sqrt(2) * sin(1.7*j + 1)", Math.sqrt(2 / 3) * Math.SQRT2 * Math.sin(1.7 * 5 + 1)],
    ["1 + 2 * 3 - 8 / 4 / 2", 6],
    [" -( j - 2 )*-2e-1 - -.5 ", 1.1],
    ["1.", 1],
    ["j-1", 4],
  ];
  for (const [text, expected] of cases) {
    const value = parseFormula(text, ["j", "n"])({ j: 5, n: 3 });
    assert.ok(Math.abs(value - expected) < 1e-12, `${text} is ${value} and not ${expected}`);
  }
});

Deno.test("parseFormula() quotes what it cannot read", () => {
  const cases: [string, string][] = [
    ["", "it ends too early"],
    ["sin(j", 'no ")" where one is wanted'],
    ["sin j", '"sin" is out of place'],
    ["tan(j)", '"tan" is out of place'],
    ["2j", '"j" is out of place'],
    ["1 + ", "it ends too early"],
    ["j ^ 2", '"^" is out of place'],
    ["j)", '")" is out of place'],
    ["* j", '"*" is out of place'],
    ["Infinity", '"Infinity" is out of place'],
    ["1..2", '".2" is out of place'],
  ];
  for (const [text, problem] of cases) {
    assert.throws(() => parseFormula(text, ["j"]), {
      message: `unreadable formula "${text}": ${problem}`,
    });
  }
});
