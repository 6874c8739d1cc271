/** Pictures of the page as files. Screenshots get a palette, because a README should load fast. */
import { join, resolve } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import sharp from "sharp";

export const IMAGES = resolve(import.meta.dirname, "../../../docs/images");

const MAX_BYTES = 400_000;

export const DESKTOP = { viewport: { width: 1280, height: 1000 } } satisfies BrowserContextOptions;
export const PHONE = {
  viewport: { width: 390, height: 1000 },
  hasTouch: true,
  isMobile: true,
} satisfies BrowserContextOptions;

/** Takes what is seen, or the upper part of the whole page. @throws when the file would be too large */
export async function save(
  page: Page,
  file: string,
  options: Parameters<Page["screenshot"]>[0] = {},
): Promise<void> {
  const png = await page.screenshot(options);
  const picture = sharp(png).png({ palette: true, quality: 80, dither: 0.2, effort: 10 });
  const { size } = await picture.toFile(join(IMAGES, file));
  console.log(`${file}: ${size} bytes`);
  if (size > MAX_BYTES) throw new Error(`${file} has ${size} bytes; ${MAX_BYTES} are allowed`);
}
