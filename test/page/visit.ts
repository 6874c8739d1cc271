/** A visitor of the view that compares, for tests: what they do, and what they see. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { PlanList } from "../../src/inference/plan-store.ts";

/** Long enough for a software GPU's first inference on a busy machine, in ms. */
const PATIENCE = 100_000;

/** What Chromium or an engine logs as errors although nothing is wrong. */
const EXPECTED_MESSAGES = [
  // The cache was asked for an embedding that nobody has computed yet.
  /status of 404 .*\/v1\/embeddings\/[^/]+\/[0-9a-f]{64}$/,
  // onnxruntime-web logs warnings as errors.
  /\[W:onnxruntime/,
];

export type Slot = "A" | "B";

export interface PictureFile {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

export interface VisitOptions extends BrowserContextOptions {
  /** @default "server" */
  readonly encoder?: "auto" | "webgpu" | "wasm" | "server";
  /** The list of compiled models in place of the deployment's own. @default the deployment's own */
  readonly plans?: PlanList;
}

/** Opens the view that compares, and chooses an encoder. */
export async function visit(browser: Browser, origin: string, options: VisitOptions = {}): Promise<Visit> {
  const { encoder = "server", plans, ...contextOptions } = options;
  const context = await browser.newContext(contextOptions);
  if (plans) await context.route("**/models/plans.json", (route) => route.fulfill({ json: plans }));
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  const visitor = new Visit(await context.newPage());
  await visitor.page.goto(`${origin}/#/compare`);
  await visitor.page.waitForSelector("html[data-ready]");
  await visitor.encodeOn(encoder);
  return visitor;
}

export class Visit {
  readonly page: Page;
  /** Errors in the console, and errors that nobody caught. */
  readonly errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      const text = `${message.text()} ${message.location().url}`;
      if (message.type() === "error" && !EXPECTED_MESSAGES.some((expected) => expected.test(text))) {
        this.errors.push(text);
      }
    });
  }

  async encodeOn(encoder: string): Promise<void> {
    await this.page.locator(`input[name=encoder][value=${encoder}]`).check({ force: true });
  }

  /** Chooses a file for a place. */
  async choose(slot: Slot, file: PictureFile): Promise<void> {
    const { name, mimeType, bytes } = file;
    await this.place(slot)
      .locator("[data-part=file]")
      .setInputFiles({ name, mimeType, buffer: Buffer.from(bytes) });
  }

  /** Drops files on an element, as if they came from outside the browser. */
  async drop(selector: string, files: readonly PictureFile[]): Promise<void> {
    const packed = files.map(({ name, mimeType, bytes }) => ({ name, mimeType, bytes: [...bytes] }));
    const dataTransfer = await this.page.evaluateHandle((list) => {
      const transfer = new DataTransfer();
      for (const { name, mimeType, bytes } of list) {
        transfer.items.add(new File([new Uint8Array(bytes)], name, { type: mimeType }));
      }
      return transfer;
    }, packed);
    await this.page.dispatchEvent(selector, "drop", { dataTransfer });
  }

  /** Copies a square of one colour to the clipboard and pastes it. */
  async pasteSquare(colour: string): Promise<void> {
    await this.page.evaluate(async (fill) => {
      const canvas = new OffscreenCanvas(64, 64);
      const context = canvas.getContext("2d")!;
      context.fillStyle = fill;
      context.fillRect(0, 0, 64, 64);
      await navigator.clipboard.write([new ClipboardItem({ "image/png": await canvas.convertToBlob() })]);
    }, colour);
    await this.page.keyboard.press("Control+v");
  }

  place(slot: Slot) {
    return this.page.getByRole("region", { name: `Picture ${slot}` });
  }

  /** Waits until the place has its embedding; fails early when it shows a problem instead. */
  async encoded(slot: Slot): Promise<void> {
    await this.settled(slot);
    const state = await this.place(slot).getAttribute("data-state");
    if (state !== "done") throw new Error(`picture ${slot}: ${await this.place(slot).textContent()}`);
  }

  /** Waits until nothing is being computed for the place. */
  async settled(slot: Slot): Promise<void> {
    const name = slot === "A" ? 0 : 1;
    await this.page.waitForSelector(
      `[data-part=print-${name}][data-state=done], [data-part=print-${name}][data-state=failed]`,
    );
  }

  badges(slot: Slot): Promise<string[]> {
    return this.place(slot).locator(".badge").allInnerTexts();
  }

  /** How the embedding was reached: `WebGPU: no adapter → WASM`. */
  async trail(slot: Slot): Promise<string> {
    const column = this.page.getByRole("article", { name: `Embedding of picture ${slot}` });
    return (await column.locator("[data-part=trail]").textContent()) ?? "";
  }

  /** The cosine similarity on the tag. */
  async similarity(): Promise<number> {
    const figure = this.page.locator("[data-part=tag]:not([hidden]) [data-part=cosine]");
    return Number((await figure.textContent())?.replace("−", "-"));
  }

  /** The embedding, by the button that copies it. */
  async embedding(slot: Slot): Promise<number[]> {
    const column = this.page.getByRole("article", { name: `Embedding of picture ${slot}` });
    await column.getByRole("button", { name: "Copy the numbers" }).click();
    await column.getByRole("button", { name: "Copied" }).waitFor();
    return JSON.parse(await this.page.evaluate(() => navigator.clipboard.readText())) as number[];
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
