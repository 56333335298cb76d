/** Runs a test in an empty folder that is removed afterwards. */
export async function inTemporaryFolder(
  test: (folder: string) => Promise<void> | void,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The names in a folder, sorted. */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** Replaces text in a file that must have it. */
export async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  if (!text.includes(from)) throw new Error(`${path} does not have ${from}`);
  await Deno.writeTextFile(path, text.replace(from, to));
}
