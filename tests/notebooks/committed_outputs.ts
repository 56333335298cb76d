/** What the committed notebooks show. */
import { z } from "zod";

const notebookSchema = z.looseObject({
  cells: z.array(z.looseObject({
    cell_type: z.string(),
    id: z.string(),
    metadata: z.looseObject({ tags: z.array(z.string()).optional() }),
    source: z.array(z.string()),
    outputs: z.array(z.looseObject({
      output_type: z.string(),
      data: z.record(z.string(), z.unknown()).optional(),
    })).optional(),
  })),
});

/** A code cell with the outputs that stand in the file. */
export interface CommittedCell {
  readonly id: string;
  readonly source: string;
  /** Whether its outputs are kept out of the file. */
  readonly stripped: boolean;
  readonly outputs: readonly {
    readonly output_type: string;
    /** By MIME type; empty for text that was printed. */
    readonly data: Readonly<Record<string, unknown>>;
  }[];
}

/** The code cells of a notebook's file, in order. */
export async function committedCells(path: string): Promise<CommittedCell[]> {
  const { cells } = notebookSchema.parse(JSON.parse(await Deno.readTextFile(path)));
  return cells.filter(({ cell_type }) => cell_type === "code").map((cell) => ({
    id: cell.id,
    source: cell.source.join(""),
    stripped: cell.metadata.tags?.includes("strip-output") ?? false,
    outputs: (cell.outputs ?? []).map(({ output_type, data = {} }) => ({ output_type, data })),
  }));
}
