import { z } from "zod";

/** A value that fits a schema, or what does not fit, in one line. */
export type Checked<T> =
  | { readonly value: T; readonly misfit?: undefined }
  | { readonly misfit: string };

/** How many faults a message tells. */
const SHOWN_ISSUES = 3;

/** Checks a value; what does not fit is told by the names of the fields and what was found there. */
export function checked<T>(schema: z.ZodType<T>, value: unknown): Checked<T> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { value: result.data };
  const { issues } = result.error;
  const shown = issues.slice(0, SHOWN_ISSUES).map((issue) => {
    const field = issue.path.map(String).join(".") || "the whole file";
    return `${field}: ${issue.message} (found ${describe(issue.input)})`;
  });
  const more = issues.length > SHOWN_ISSUES ? `; and ${issues.length - SHOWN_ISSUES} more` : "";
  return { misfit: `${shown.join("; ")}${more}` };
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
