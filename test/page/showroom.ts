/** What browser tests of the catalogue need: the whole product, as self-hosters run it, and a browser. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { readAdminToken } from "../../src/cli/server/admin-token.ts";
import { Corkboard, type Item } from "../../src/client/index.ts";
import { renderPicture } from "../../src/demo/picture.ts";
import { generateProducts, type Product } from "../../src/demo/products.ts";
import { type Serve, startServe, temporaryFolder } from "../api/serve.ts";
import { launchBrowser, NoBrowserError } from "../browser.ts";
import type { PictureFile } from "./visit.ts";

/** Long enough for a picture to be embedded on a busy machine, in ms. */
export const PATIENCE = 120_000;

/** Pixels of a drawing's longer side: enough to tell them apart. */
const PIXELS = 224;

/** Waits between two looks at the catalogue, in ms. */
const PAUSE = 300;

export interface ShowroomOptions {
  /** Drawn products in the catalogue. @default 14 */
  readonly count?: number;
  /** These products instead, such as those of a scene. */
  readonly products?: readonly Product[];
  /** Of `corkboard serve`. */
  readonly serve?: readonly string[];
}

/** Drawn products with their pictures; the same every time. */
export async function drawProducts(count: number, seed = 7): Promise<(Product & { file: PictureFile })[]> {
  return withPictures(generateProducts({ seed, count }));
}

async function withPictures(products: readonly Product[]): Promise<(Product & { file: PictureFile })[]> {
  return Promise.all(
    products.map(async (product) => {
      const { bytes, type } = await renderPicture(product.svg, PIXELS);
      return { ...product, file: { name: `${product.id}.jpg`, mimeType: type, bytes } };
    }),
  );
}

/** Starts all of it before the tests of a file, and skips these where there is no browser, saying why. */
export function openShowroom({ count = 14, products: chosen, serve = [] }: ShowroomOptions = {}) {
  let browser: Browser | undefined;
  let server: Serve | undefined;
  let folder: Awaited<ReturnType<typeof temporaryFolder>> | undefined;
  let client: Corkboard | undefined;
  let products: Awaited<ReturnType<typeof drawProducts>> = [];
  let reason = "";
  const pages: Page[] = [];

  beforeAll(async () => {
    browser = await launchBrowser().catch((error) => {
      if (!(error instanceof NoBrowserError)) throw error;
      reason = error.message;
      return undefined;
    });
    if (browser === undefined) return;
    folder = await temporaryFolder();
    server = await startServe(folder.path, ...serve);
    client = new Corkboard({ baseUrl: server.origin, key: await readAdminToken(folder.path) });
    products = chosen ? await withPictures(chosen) : await drawProducts(count);
    for (const product of products) await add(product);
    await embedded();
  });
  beforeEach((context) => {
    context.skip(browser === undefined, reason);
    return async () => {
      for (const page of pages.splice(0)) await page.context().close();
    };
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await folder?.remove();
  });

  function add({ id, title, category, price, attributes, description, file }: (typeof products)[number]) {
    const image = new Blob([file.bytes.slice()], { type: file.mimeType });
    return client!.items.put(id, {
      image,
      title,
      description,
      category,
      price,
      attributes: { ...attributes },
    });
  }

  /** Waits until no item waits. */
  async function embedded(): Promise<void> {
    for (;;) {
      const { states } = await client!.catalog();
      if (states.pending === 0) return;
      await new Promise((done) => setTimeout(done, PAUSE));
    }
  }

  return {
    /** Of the server, without a slash at the end; empty where there is no browser. */
    get url(): string {
      return server?.origin ?? "";
    },
    get client(): Corkboard {
      return client!;
    },
    get products() {
      return products;
    },
    item: (id: string): Promise<Item> => client!.items.get(id),
    embedded,
    /** Opens the page at a hash; it closes when the test ends. Errors of its console go into `errors`. */
    async open(hash = "", options: BrowserContextOptions = {}): Promise<{ page: Page; errors: string[] }> {
      const context = await browser!.newContext({ reducedMotion: "reduce", ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE);
      pages.push(page);
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(`${message.text()} ${message.location().url}`);
      });
      await page.goto(`${server!.origin}/${hash}`);
      await page.waitForSelector("html[data-ready]");
      return { page, errors };
    },
  };
}

/** Drops files on an element, as if they came from outside the browser. */
export async function dropFiles(page: Page, selector: string, files: readonly PictureFile[]): Promise<void> {
  const packed = files.map(({ name, mimeType, bytes }) => ({ name, mimeType, bytes: [...bytes] }));
  const dataTransfer = await page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const { name, mimeType, bytes } of list) {
      transfer.items.add(new File([new Uint8Array(bytes)], name, { type: mimeType }));
    }
    return transfer;
  }, packed);
  await page.dispatchEvent(selector, "drop", { dataTransfer });
}

/** Ids of what was found, best first, once the search has ended. */
export async function foundIds(page: Page): Promise<string[]> {
  await page.waitForSelector("[data-part=results]:not([aria-busy])");
  return page
    .locator("[data-part=results] > .pinned:not(.skeleton)")
    .evaluateAll((cards) => cards.map((card) => (card as HTMLElement).dataset.id ?? ""));
}
