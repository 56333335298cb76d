/**
 * Makes the README's picture of a page: of a network of the gestures, with test pictures of each, all
 * of them drawn by Noto Emoji, whose licence allows it. Run by hand, with Debian's chromium installed:
 *
 *     npx --yes deno@2.9.6 task reproduce --dataset gestures --only bcena
 *     deno run -A tests/browser/page_screenshot.ts results/gestures-quick/bcena/seed-1 notebooks/page.png
 */
import { basename, join } from "@std/path";
import sharp from "sharp";
import { categoriesOf } from "../../src/data/categories.ts";
import { openDataset } from "../../src/data/open_dataset.ts";
import { writeWholeFile } from "../../src/files/whole_file.ts";
import { writePage } from "../../src/page/write_page.ts";
import { dropFiles, openPage, withChromium } from "../page/chromium.ts";

const [model = "results/gestures-quick/bcena/seed-1", out = "notebooks/page.png"] = Deno.args;
const ARTIST = "noto";
const WINDOW = { width: 1000, height: 800 };

const { root, groups, splits } = await openDataset({ dataset: "gestures" });
const pictures = categoriesOf(groups).map((gesture) => {
  const found = splits.test.find(({ category, path }) =>
    category === gesture && basename(path).startsWith(ARTIST)
  );
  if (found === undefined) throw new Error(`no ${gesture} of ${ARTIST} among the test pictures`);
  return join(root, found.path);
});

const folder = await Deno.makeTempDir();
try {
  const file = await writePage({ model, out: join(folder, "page.html") });
  await withChromium([], async (browser) => {
    const { page, faults } = await openPage(browser, file, {
      viewport: WINDOW,
      colorScheme: "light",
    });
    await dropFiles(page, pictures);
    await page.getByText(`${pictures.length} pictures classified`, { exact: true }).waitFor();
    // One that is none of these, if the network finds any.
    const rejected = page.locator("#gallery button", { has: page.locator(".caption.none") });
    if (await rejected.count() > 0) await rejected.last().click();
    if (faults.length > 0) throw new Error(faults.join("; "));
    const drawn = await page.screenshot({ fullPage: true });
    await writeWholeFile(out, await sharp(drawn).png({ palette: true, effort: 10 }).toBuffer());
  });
} finally {
  await Deno.remove(folder, { recursive: true });
}
