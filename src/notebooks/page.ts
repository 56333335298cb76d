import { writePage } from "../page/write_page.ts";
import type { Run } from "../runs/read_runs.ts";
import { nameInProject } from "../files/in_project.ts";

/**
 * Makes the page of a run, one HTML file in its folder: pictures and the camera are classified there
 * without Deno and without a network.
 *
 * @returns the page's path, as seen from the project
 * @throws {Error} if the run's network is not there, as in a fresh clone, or no page can be made of it
 */
export async function page({ folder }: Pick<Run, "folder">): Promise<string> {
  return nameInProject(await writePage({ model: folder }));
}
