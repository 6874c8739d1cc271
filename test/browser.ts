/** Finds a Chromium on this machine and starts it for tests and screenshots. */
import { access } from "node:fs/promises";
import { env } from "node:process";
import { type Browser, chromium } from "playwright-core";

export interface BrowserOptions {
  /** Lends pages a software WebGPU adapter: correct, but slow. @default false */
  readonly webgpu?: boolean;
  /** More arguments for Chromium. @default none */
  readonly args?: readonly string[];
}

/** No Chromium, or none that starts; the message says what was tried. */
export class NoBrowserError extends Error {
  override readonly name = "NoBrowserError";
}

const INSTALLED = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** For containers without privileges and machines without internet. */
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--no-first-run",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const WITHOUT_GPU = ["--disable-gpu"];
const SOFTWARE_GPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/**
 * Starts Chromium: the one that `CORKBOARD_CHROMIUM` names, an installed one, or the one in the npm package
 * `@sparticuz/chromium`, whichever starts first.
 * @throws {NoBrowserError} when none does
 */
export async function launchBrowser({
  webgpu = false,
  args: more = [],
}: BrowserOptions = {}): Promise<Browser> {
  const args = [...ARGUMENTS, ...(webgpu ? SOFTWARE_GPU : WITHOUT_GPU), ...more];
  const failures: string[] = [];
  for await (const executablePath of candidates(failures)) {
    try {
      return await chromium.launch({ executablePath, args });
    } catch (error) {
      failures.push(`${executablePath}: ${firstLine(error)}`);
    }
  }
  throw new NoBrowserError(`no Chromium starts here (CORKBOARD_CHROMIUM names one). ${failures.join("; ")}`);
}

async function* candidates(failures: string[]): AsyncGenerator<string> {
  if (env.CORKBOARD_CHROMIUM) yield env.CORKBOARD_CHROMIUM;
  for (const path of INSTALLED) {
    if (await exists(path)) yield path;
  }
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    yield await packed.executablePath();
  } catch (error) {
    failures.push(`@sparticuz/chromium: ${firstLine(error)}`);
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0] ?? "";
}
