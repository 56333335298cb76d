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

const TOKEN =
  /\s*(?:(\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([A-Za-z]\w*)|([-+*/()]))\s*/y;

/**
 * Reads numbers, variables, `+ - * /`, parentheses and the functions sin, cos and sqrt.
 *
 * @param variables the names that the formula may use
 * @throws {Error} if it is of another form; quotes it
 */
export function parseFormula(text: string, variables: readonly string[]): Formula {
  const tokens = tokensOf(text);
  let next = 0;
  const take = (...wanted: string[]) => wanted.includes(tokens[next] ?? "") && tokens[next++];
  const formula = sum();
  if (next < tokens.length) throw unreadable(text, `"${tokens[next]}" is out of place`);
  return formula;

  function sum(): Formula {
    let left = product();
    for (let sign = take("+", "-"); sign; sign = take("+", "-")) {
      const [a, b] = [left, product()];
      left = sign === "+" ? (values) => a(values) + b(values) : (values) => a(values) - b(values);
    }
    return left;
  }

  function product(): Formula {
    let left = factor();
    for (let sign = take("*", "/"); sign; sign = take("*", "/")) {
      const [a, b] = [left, factor()];
      left = sign === "*" ? (values) => a(values) * b(values) : (values) => a(values) / b(values);
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
    if (token === undefined) throw unreadable(text, "it ends too early");
    if (/^[\d.]/.test(token)) return () => Number(token);
    const f = FUNCTIONS.get(token);
    if (f && take("(")) {
      const argument = inParentheses();
      return (values) => f(argument(values));
    }
    if (!variables.includes(token)) throw unreadable(text, `"${token}" is out of place`);
    return (values) => values[token]!;
  }

  function inParentheses(): Formula {
    const inside = sum();
    if (!take(")")) throw unreadable(text, `no ")" where one is wanted`);
    return inside;
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw unreadable(text, `"${text.slice(start).trim()[0]}" is out of place`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

function unreadable(text: string, problem: string): Error {
  return new Error(`unreadable formula "${text}": ${problem}`);
}
