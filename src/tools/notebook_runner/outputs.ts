/**
 * What a cell shows, as a notebook keeps it, from what the kernel broadcast while the cell ran.
 *
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-iopub-pub-sub-channel
 *
 * @module
 */
import { z } from "zod";
import type { Message } from "./jupyter_message.ts";

const jsonObject = z.record(z.string(), z.unknown());
const streamContent = z.object({ name: z.enum(["stdout", "stderr"]), text: z.string() });
const displayContent = z.object({
  data: jsonObject,
  metadata: jsonObject.default({}),
  transient: z.looseObject({ display_id: z.string().optional() }).default({}),
});
const resultContent = displayContent.extend({ execution_count: z.int() });
const clearContent = z.object({ wait: z.boolean().default(false) });

/** One thing in several forms, by MIME type. */
interface Display {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** One output of a code cell: printed text, something displayed, or the last expression's value. */
export type Output =
  | ({ readonly output_type: "stream" } & z.infer<typeof streamContent>)
  | ({ readonly output_type: "display_data" } & Display)
  | ({ readonly output_type: "execute_result"; readonly execution_count: number } & Display);

/** Gathers the outputs of a notebook's cells, in the order in which they run. */
export class OutputCollector {
  /** By display id: what a later message may update, in whichever cell it is. */
  readonly #displays = new Map<string, Display[]>();

  /**
   * The outputs of one cell. Updates of what earlier cells display change the outputs that were
   * returned for them. Messages that are no outputs are passed over.
   *
   * @param messages broadcast while the cell ran, in order
   * @throws {Error} if one does not have the content of its type
   */
  collect(messages: readonly Message[]): Output[] {
    let outputs: Output[] = [];
    let clearBeforeNext = false;
    const append = (output: Output, displayId?: string) => {
      if (clearBeforeNext) outputs = [];
      clearBeforeNext = false;
      const last = outputs.at(-1);
      if (
        output.output_type === "stream" && last?.output_type === "stream" &&
        output.name === last.name
      ) last.text += output.text;
      else outputs.push(output);
      if (displayId === undefined || output.output_type === "stream") return;
      this.#displays.set(displayId, [...this.#displays.get(displayId) ?? [], output]);
    };
    for (const { type, content } of messages) {
      switch (type) {
        case "stream":
          append({ output_type: type, ...parsed(type, streamContent, content) });
          break;
        case "display_data": {
          const { transient, ...shown } = parsed(type, displayContent, content);
          append({ output_type: type, ...shown }, transient.display_id);
          break;
        }
        case "execute_result": {
          const { transient, ...shown } = parsed(type, resultContent, content);
          append({ output_type: type, ...shown }, transient.display_id);
          break;
        }
        case "update_display_data": {
          const { transient, ...shown } = parsed(type, displayContent, content);
          const same = this.#displays.get(transient.display_id ?? "") ?? [];
          for (const output of same) Object.assign(output, shown);
          break;
        }
        case "clear_output":
          clearBeforeNext = parsed(type, clearContent, content).wait;
          if (!clearBeforeNext) outputs = [];
          break;
      }
    }
    return outputs;
  }
}

function parsed<T>(type: string, schema: z.ZodType<T>, content: unknown): T {
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  throw new Error(
    `a ${type} message does not have the form of one: ${z.prettifyError(result.error)}`,
  );
}
