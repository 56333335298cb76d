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

/** Printed text. */
interface StreamOutput {
  readonly output_type: "stream";
  readonly name: "stdout" | "stderr";
  text: string;
}

/** One thing in several forms, by MIME type. */
interface DisplayOutput {
  readonly output_type: "display_data";
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** The value of a cell's last expression. */
interface ResultOutput extends Omit<DisplayOutput, "output_type"> {
  readonly output_type: "execute_result";
  readonly execution_count: number;
}

/** One output of a code cell. */
export type Output = StreamOutput | DisplayOutput | ResultOutput;

/** Gathers the outputs of a notebook's cells, in the order in which they run. */
export class OutputCollector {
  /** By display id: what a later message may update, in whichever cell it is. */
  readonly #displays = new Map<string, (DisplayOutput | ResultOutput)[]>();

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
    const append = (output: Output) => {
      if (clearBeforeNext) outputs = [];
      clearBeforeNext = false;
      const last = outputs.at(-1);
      if (
        output.output_type === "stream" && last?.output_type === "stream" &&
        output.name === last.name
      ) last.text += output.text;
      else outputs.push(output);
    };
    for (const { type, content } of messages) {
      switch (type) {
        case "stream":
          append({ output_type: "stream", ...parsed(type, streamContent, content) });
          break;
        case "display_data": {
          const { data, metadata, transient } = parsed(type, displayContent, content);
          const output: Output = { output_type: "display_data", data, metadata };
          this.#remember(transient.display_id, output);
          append(output);
          break;
        }
        case "execute_result": {
          const { transient, ...shown } = parsed(type, resultContent, content);
          const output: Output = { output_type: "execute_result", ...shown };
          this.#remember(transient.display_id, output);
          append(output);
          break;
        }
        case "update_display_data": {
          const { data, metadata, transient } = parsed(type, displayContent, content);
          for (const output of this.#displays.get(transient.display_id ?? "") ?? []) {
            output.data = data;
            output.metadata = metadata;
          }
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

  #remember(displayId: string | undefined, output: DisplayOutput | ResultOutput): void {
    if (displayId === undefined) return;
    const same = this.#displays.get(displayId);
    if (same === undefined) this.#displays.set(displayId, [output]);
    else same.push(output);
  }
}

function parsed<T>(type: string, schema: z.ZodType<T>, content: unknown): T {
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  throw new Error(
    `a ${type} message does not have the form of one: ${z.prettifyError(result.error)}`,
  );
}
