import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";

const DRAW_LETTERS = fromFileUrl(new URL("./draw_letters.ts", import.meta.url));

/** A letter of no script: whatever the font, it is drawn as the box of a missing letter. */
const WITHOUT_GLYPH = "\u{10FFFD}";

/** Digests of pictures of letters, drawn on a machine that has no font of its own. */
async function drawnWithoutMachineFonts(fonts: string, letters: string[]): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    const settings = join(folder, "fonts.conf");
    await Deno.writeTextFile(settings, '<?xml version="1.0"?><fontconfig></fontconfig>');
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", DRAW_LETTERS, fonts, ...letters],
      env: { FONTCONFIG_FILE: settings },
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).trim().split("\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a machine without fonts draws every letter alike", async () => {
  const [a, w] = await drawnWithoutMachineFonts("machine-fonts", ["A", "W"]);
  assert.equal(a, w);
});

Deno.test("with the project's font, letters differ on a machine without fonts", async () => {
  const letters = ["A", "W", "ż", "0", WITHOUT_GLYPH, " "];
  const drawn = await drawnWithoutMachineFonts("own-fonts", letters);
  assert.equal(drawn.length, letters.length);
  assert.equal(new Set(drawn).size, letters.length);
});
