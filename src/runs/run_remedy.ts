/** The remedy for a missing or damaged file of a run, for messages. */
export const RUN_REMEDY =
  "train the run again with `deno task reproduce --fresh`, or move its folder away";

/** An error about a line of a run's table, with its remedy. */
export function damagedLine(path: string, line: number, fault: string): Error {
  return new Error(`${path}, line ${line}: ${fault}; ${RUN_REMEDY}`);
}
