/**
 * The outputs of a cell in the form stored in notebooks, made from the kernel's broadcasts.
 *
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-iopub-pub-
 * sub-channel
 *
 * @module
 */
import { z } from "zod";
import type { Message } from "./jupyter_message.ts";

const jsonObject = z.record(z.string(), z.unknown());

/** One thing in several forms, by MIME type. */
const display = z.object({ data: jsonObject, metadata: jsonObject.default({}) });

const outputSchema = z.discriminatedUnion("output_type", [
  z.object({
    output_type: z.literal("stream"),
    name: z.enum(["stdout", "stderr"]),
    text: z.string(),
  }),
  display.extend({ output_type: z.literal("display_data") }),
  display.extend({ output_type: z.literal("execute_result"), execution_count: z.int() }),
]);
const identified = z.object({
  transient: z.object({ display_id: z.string().optional() }).default({}),
});
const clearing = z.object({ wait: z.boolean().default(false) });

/** One output of a code cell: printed text, something displayed, or the last expression's value. */
export type Output = z.infer<typeof outputSchema>;

/** Collects the outputs of a notebook's cells, in the order in which they run. */
export class OutputCollector {
  /** By display id: outputs of any cell that a later message may update. */
  readonly #displays = new Map<string, Output[]>();

  /**
   * The outputs of one cell. Updates to displays of earlier cells change the outputs returned for
   * those. Other messages are ignored.
   *
   * @param messages broadcast while the cell ran, in order
   * @throws {Error} if the content of a message does not match its type
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
      if (displayId === undefined) return;
      this.#displays.set(displayId, [...this.#displays.get(displayId) ?? [], output]);
    };
    for (const message of messages) {
      const displayId = () => parsed(identified, message).transient.display_id;
      switch (message.type) {
        case "stream":
        case "display_data":
        case "execute_result":
          append(parsed(outputSchema, message), displayId());
          break;
        case "update_display_data": {
          const same = this.#displays.get(displayId() ?? "") ?? [];
          for (const output of same) Object.assign(output, parsed(display, message));
          break;
        }
        case "clear_output":
          clearBeforeNext = parsed(clearing, message).wait;
          if (!clearBeforeNext) outputs = [];
          break;
      }
    }
    return outputs;
  }
}

function parsed<T>(schema: z.ZodType<T>, { type, content }: Message): T {
  const result = schema.safeParse({ output_type: type, ...content });
  if (result.success) return result.data;
  const problem = z.prettifyError(result.error);
  throw new Error(`a ${type} message does not have the form of one: ${problem}`);
}
