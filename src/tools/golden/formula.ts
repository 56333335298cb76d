/**
 * The formulas by which vector files say how their values are made, such as
 * `sin(j*0.371) + cos(j*0.011)`.
 *
 * @module
 */

/** The value of a formula for values of its variables. */
export type Formula = (variables: Readonly<Record<string, number>>) => number;

const FUNCTIONS: ReadonlyMap<string, (x: number) => number> = new Map([
  ["sin", Math.sin],
  ["cos", Math.cos],
  ["sqrt", Math.sqrt],
]);

type Operators = Readonly<Record<string, (a: number, b: number) => number>>;
const SUMS: Operators = { "+": (a, b) => a + b, "-": (a, b) => a - b };
const PRODUCTS: Operators = { "*": (a, b) => a * b, "/": (a, b) => a / b };

/** A number, a name, or any other single character. */
const TOKEN = /\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|[A-Za-z]\w*|\S/gu;

/**
 * Reads numbers, variables, `+ - * /`, parentheses and the functions sin, cos and sqrt.
 *
 * @param variables the names that the formula may use
 * @throws {Error} if it is of another form; quotes it
 */
export function parseFormula(text: string, variables: readonly string[]): Formula {
  const tokens = text.match(TOKEN) ?? [];
  let next = 0;
  const take = (...wanted: string[]) => wanted.includes(tokens[next] ?? "") && tokens[next++];
  const formula = sum();
  if (next < tokens.length) throw unreadable(`"${tokens[next]}" is out of place`);
  return formula;

  function sum(): Formula {
    return chain(() => chain(factor, PRODUCTS), SUMS);
  }

  function chain(operand: () => Formula, operators: Operators): Formula {
    let left = operand();
    const signs = Object.keys(operators);
    for (let sign = take(...signs); sign; sign = take(...signs)) {
      const [a, b, apply] = [left, operand(), operators[sign]!];
      left = (values) => apply(a(values), b(values));
    }
    return left;
  }

  function factor(): Formula {
    if (take("-")) {
      const negated = factor();
      return (values) => -negated(values);
    }
    if (take("(")) return inParentheses();
    const token = tokens[next++];
    if (token === undefined) throw unreadable("it ends too early");
    if (/^[\d.]/.test(token)) return () => Number(token);
    const f = FUNCTIONS.get(token);
    if (f && take("(")) {
      const argument = inParentheses();
      return (values) => f(argument(values));
    }
    if (!variables.includes(token)) throw unreadable(`"${token}" is out of place`);
    return (values) => values[token]!;
  }

  function inParentheses(): Formula {
    const inside = sum();
    if (!take(")")) throw unreadable(`no ")" where one is wanted`);
    return inside;
  }

  function unreadable(problem: string): Error {
    return new Error(`unreadable formula "${text}": ${problem}`);
  }
}
