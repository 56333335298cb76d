/**
 * The artists whose drawings make up the data set, as plain data.
 *
 * Each set's title, author and licence are read from its package, so they stay true when the
 * version changes. Importing from the packages also makes Deno fetch them.
 *
 * @module
 */
import emojione from "@iconify-json/emojione/info.json" with { type: "json" };
import emojionePackage from "@iconify-json/emojione/package.json" with { type: "json" };
import fluent from "@iconify-json/fluent-emoji-flat/info.json" with { type: "json" };
import fluentPackage from "@iconify-json/fluent-emoji-flat/package.json" with { type: "json" };
import noto from "@iconify-json/noto/info.json" with { type: "json" };
import notoPackage from "@iconify-json/noto/package.json" with { type: "json" };
import openmoji from "@iconify-json/openmoji/info.json" with { type: "json" };
import openmojiPackage from "@iconify-json/openmoji/package.json" with { type: "json" };
import twemoji from "@iconify-json/twemoji/info.json" with { type: "json" };
import twemojiPackage from "@iconify-json/twemoji/package.json" with { type: "json" };

/** The author of a set of emoji. */
export interface Artist {
  /** Part of the package's name, `@iconify-json/<name>`, and of the pictures' file names. */
  readonly name: string;
  /** Version of the package. */
  readonly version: string;
  /** Title of the set. */
  readonly title: string;
  readonly author: string;
  /** Address of the originals. */
  readonly source: string;
  /** SPDX identifier. */
  readonly licence: string;
  /**
   * The ending of drawings' names with a skin tone: `thumbs-up-dark` or `thumbs-up-dark-skin-tone`.
   */
  readonly toneEnding: "" | "-skin-tone";
}

/** The skin tones that every artist draws; `yellow` stands for emoji without a skin tone. */
export const SKIN_TONES = [
  "yellow",
  "light",
  "medium-light",
  "medium",
  "medium-dark",
  "dark",
] as const;

/** One of {@linkcode SKIN_TONES}. */
export type SkinTone = typeof SKIN_TONES[number];

/** The artists. Each draws every gesture in every skin tone. */
export const ARTISTS: readonly Artist[] = [
  artist(emojione, emojionePackage, "-skin-tone"),
  artist(fluent, fluentPackage, ""),
  artist(noto, notoPackage, "-skin-tone"),
  artist(openmoji, openmojiPackage, "-skin-tone"),
  artist(twemoji, twemojiPackage, "-skin-tone"),
];

function artist(
  { prefix, name, author, license }: typeof noto,
  { version }: { version: string },
  toneEnding: Artist["toneEnding"],
): Artist {
  return {
    name: prefix,
    version,
    title: name,
    author: author.name,
    source: author.url,
    licence: license.spdx,
    toneEnding,
  };
}
