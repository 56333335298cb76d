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
    const value = parseFormula(text, ["j", "n"])(5, 3);
    assert.ok(Math.abs(value - expected) < 1e-12, `${text} is ${value} and not ${expected}`);
  }
});

Deno.test("parseFormula() quotes what it cannot read", () => {
  const cases: [string, string][] = [
    ["", "Unexpected end of input"],
    ["sin(j", "Unexpected end of input"],
    ["sin j", "Unexpect token after expression."],
    ["tan(j)", "Unrecognized function: tan"],
    ["2j", "Unexpected token ILLEGAL"],
    ["1 + ", "Unexpected end of input"],
    ["j ^ 2", "it is not plain arithmetic"],
    ["j)", "Unexpect token after expression."],
    ["* j", "Unexpected token *"],
    ["Infinity", '"Infinity" is out of place'],
    ["j.length", "it is not plain arithmetic"],
    ["'j'", "it is not plain arithmetic"],
    ["1..2", "Unexpect token after expression."],
  ];
  for (const [text, problem] of cases) {
    assert.throws(() => parseFormula(text, ["j"]), {
      message: `unreadable formula "${text}": ${problem}`,
    });
  }
});
