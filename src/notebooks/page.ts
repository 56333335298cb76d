import { writePage } from "../page/write_page.ts";
import type { Run } from "../runs/read_runs.ts";
import { nameInProject } from "../files/in_project.ts";

/**
 * Makes the page of a run, one HTML file in its folder, which classifies pictures and the camera's
 * frames without Deno and without a connection.
 *
 * @returns the page's path, relative to the project
 * @throws {Error} if the run's network is missing, as in a fresh clone, or cannot become a page
 */
export async function page({ folder }: Pick<Run, "folder">): Promise<string> {
  return nameInProject(await writePage({ model: folder }));
}
