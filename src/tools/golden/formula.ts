/**
 * The formulas by which vector files say how their values are made, such as
 * `sin(j*0.371) + cos(j*0.011)`.
 *
 * @module
 */
import { codegenExpression, parseExpression } from "vega-expression";
import { messageOf } from "../../files/error_message.ts";

/** Vega's expressions may hold texts, lists and more as well, which need other signs. */
const ARITHMETIC = /^(?:[\w\s+*/()-]|\d\.|\.\d)*$/;

/**
 * Reads numbers, variables, `+ - * /`, parentheses and the functions sin, cos and sqrt.
 *
 * @param variables the names that the formula may use
 * @returns the formula's value for values of these variables, in their order
 * @throws {Error} if it is of another form; quotes it
 */
export function parseFormula(
  text: string,
  variables: string[],
): (...values: number[]) => number {
  const generate = codegenExpression({
    allowed: variables,
    constants: {},
    functions: () => ({ sin: "Math.sin", cos: "Math.cos", sqrt: "Math.sqrt" }),
    globalvar: (name) => {
      throw new Error(`"${name}" is out of place`);
    },
  });
  try {
    if (!ARITHMETIC.test(text)) throw new Error("it is no arithmetic");
    const { code } = generate(parseExpression(text));
    return new Function(...variables, `return ${code};`) as (...values: number[]) => number;
  } catch (error) {
    throw new Error(`unreadable formula "${text}": ${messageOf(error)}`, { cause: error });
  }
}
