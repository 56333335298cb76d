import { z } from "zod";

/**
 * Schema of readable names by category. A category may have the name of an object's built-in
 * member; `z.record` would lose one called `__proto__`.
 */
export const categoryNamesSchema = z.custom<Readonly<Record<string, string>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  { error: "expected a name for each category", abort: true },
).superRefine((names, { addIssue }) => {
  for (const [category, name] of Object.entries<unknown>(names)) {
    if (typeof name === "string" && name.trim() !== "") continue;
    addIssue({ code: "custom", path: [category], message: "expected a name", input: name });
  }
});
