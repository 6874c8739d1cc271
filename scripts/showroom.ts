/** Fills an empty catalogue with the showroom's products, boards and people, so that the page is alive at the first start. */
import { setTimeout as sleep } from "node:timers/promises";
import { startProgress } from "../src/cli/progress.ts";
import { fillCatalogue } from "../src/demo/fill.ts";
import { fillBoards } from "../src/demo/fill-boards.ts";
import { fillPeople } from "../src/demo/fill-people.ts";

export interface ShowroomOptions {
  readonly baseUrl: string;
  readonly token: string;
  /** Ends it without a word: the server is gone. */
  readonly signal: AbortSignal;
}

const POLL_MS = 500;

/** Waits for the server, then fills. What goes wrong is said, and stops nothing: the server is there all the same. */
export async function openShowroom({ baseUrl, token, signal }: ShowroomOptions): Promise<void> {
  try {
    while (!(await isReady(baseUrl, signal))) await sleep(POLL_MS, undefined, { signal });
    let progress: ReturnType<typeof startProgress> | undefined;
    let shown = 0;
    const { status, failed, failures } = await fillCatalogue({
      baseUrl,
      token,
      signal,
      onProgress: ({ done, total }) => {
        progress ??= startProgress(total - done, "showroom");
        for (; shown < done; shown++) progress.advance();
      },
    });
    progress?.stop();
    if (failed > 0) console.error(`showroom: ${failed} products failed, ${failures[0]?.reason}`);
    if (status === "filled") {
      await fillBoards({ baseUrl, token, signal });
      await fillPeople({ baseUrl, token, signal });
    }
    if (status === "filled" && failed === 0) console.error(`The showroom is open: ${baseUrl}`);
  } catch (error) {
    if (!signal.aborted) console.error(`showroom: ${error instanceof Error ? error.message : error}`);
  }
}

async function isReady(baseUrl: string, signal: AbortSignal): Promise<boolean> {
  const response = await fetch(`${baseUrl}/health/ready`, { signal }).catch(() => undefined);
  signal.throwIfAborted();
  return response?.ok ?? false;
}
