/**
 * A font for pictures of plots, on machines with and without fonts of their own.
 *
 * The library behind sharp finds fonts through fontconfig, which reads the environment when the
 * process first draws text. On a machine without fonts, or without fontconfig's files, every letter
 * would become a box.
 *
 * @module
 */
// Importing from the package makes Deno fetch it; then its font files exist at their paths.
import manifest from "dejavu-fonts-ttf/package.json" with { type: "json" };
import { dirname, fromFileUrl, join } from "@std/path";
import { isFile } from "../files/path_kind.ts";
import { makeTemporaryFolder } from "../files/temporary_folder.ts";
import { escapedHtml } from "../text/escaped_text.ts";

/** Fontconfig's default settings file. */
const SYSTEM_SETTINGS = "/etc/fonts/fonts.conf";

let provided: Promise<void> | undefined;

/**
 * Makes DejaVu Sans available to fontconfig in this process, ahead of all fonts of the machine.
 * Must be called before anything draws text; later calls do nothing.
 *
 * @throws {Error} if the font's package is not complete, or the folder for temporary files is not
 *   writable.
 */
export function provideFonts(): Promise<void> {
  provided ??= pointFontconfigToOwnFonts();
  return provided;
}

async function pointFontconfigToOwnFonts(): Promise<void> {
  const font = fromFileUrl(import.meta.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"));
  if (!isFile(font)) {
    throw new Error(
      `${font}: the font of dejavu-fonts-ttf ${manifest.version} is missing; ` +
        "run `deno install --reload=npm:dejavu-fonts-ttf`",
    );
  }
  const folder = await makeTemporaryFolder("classifying-the-unknown-fonts-");
  const settings = join(folder, "fonts.conf");
  const others = Deno.env.get("FONTCONFIG_FILE") ?? SYSTEM_SETTINGS;
  await Deno.writeTextFile(settings, fontSettings(dirname(font), others, join(folder, "cache")));
  Deno.env.set("FONTCONFIG_FILE", settings);
}

function fontSettings(fontFolder: string, others: string, cacheFolder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${escapedHtml(fontFolder)}</dir>
  <cachedir>${escapedHtml(cacheFolder)}</cachedir>
  <include ignore_missing="yes">${escapedHtml(others)}</include>
</fontconfig>
`;
}
