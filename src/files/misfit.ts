import { z } from "zod";

/** A value that fits a schema, or a line that says what does not fit. */
export type Checked<T> =
  | { readonly value: T; readonly misfit?: undefined }
  | { readonly misfit: string };

/** The most faults in a message. */
const SHOWN_ISSUES = 3;

/** Checks a value; a misfit names the fields and the values found there. */
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
