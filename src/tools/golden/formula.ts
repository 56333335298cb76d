/**
 * The formulas that define values in vector files, such as `sin(j*0.371) + cos(j*0.011)`.
 *
 * @module
 */
import { codegenExpression, parseExpression } from "vega-expression";
import { messageOf } from "../../files/error_message.ts";

/** Arithmetic only; Vega's expressions may also contain texts, lists and more. */
const ARITHMETIC = /^(?:[\w\s+*/()-]|\d\.|\.\d)*$/;

/**
 * Reads numbers, variables, `+ - * /`, parentheses and the functions sin, cos and sqrt.
 *
 * @param variables the names that the formula may use
 * @returns a function from values of these variables, in their order, to the formula's value
 * @throws {Error} if it has another form; quotes it
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
    if (!ARITHMETIC.test(text)) throw new Error("it is not plain arithmetic");
    const { code } = generate(parseExpression(text));
    return new Function(...variables, `return ${code};`) as (...values: number[]) => number;
  } catch (error) {
    throw new Error(`unreadable formula "${text}": ${messageOf(error)}`, { cause: error });
  }
}
