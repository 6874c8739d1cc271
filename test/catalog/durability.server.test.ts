import { expect, test } from "vitest";
import { scatter } from "../../bench/search/clustered-vectors.ts";
import { KillableCatalog } from "./durability/killable-catalog.ts";
import { picture } from "./picture.ts";

const SEED = Math.floor(Math.random() * 2 ** 31);
const BATCHES = 1_000;
const ITEMS_PER_BATCH = 5;
const WRITERS = 8;
const KILLS = 10;

/** Half a minute on an idle machine; eleven starts and 1,000 commits to disk take their time on a busy one. */
const TIMEOUT = 300_000;

/** A batch: four items with addresses, one with a picture. */
function linesOf(batch: number): string[] {
  return Array.from({ length: ITEMS_PER_BATCH }, (_, n) => {
    const number = batch * ITEMS_PER_BATCH + n;
    const image =
      n === 0
        ? `data:image/png;base64,${Buffer.from(picture(number)).toString("base64")}`
        : `https://example.com/${number}`;
    return JSON.stringify({ id: `item-${number}`, title: `title ${number}`, price: number, image });
  });
}

test(
  `nothing acknowledged is lost when the process is killed ten times during 1,000 batches (seed ${SEED})`,
  async () => {
    const catalog = await KillableCatalog.open();
    try {
      const acknowledged = new Set<string>();
      const finished = new Set<number>();
      let interrupted = 0;
      /** Batches of which the process was killed before it had answered all lines: repeated afterwards. */
      let waiting = Array.from({ length: BATCHES }, (_, n) => n);
      for (let kill = 0; kill <= KILLS; kill++) {
        const killAfter = kill < KILLS ? Math.floor(BATCHES / (KILLS + 1)) : Number.POSITIVE_INFINITY;
        const killed = { yet: false };
        let done = 0;
        const queue = [...waiting];
        const writer = async () => {
          for (let batch = queue.shift(); batch !== undefined && !killed.yet; batch = queue.shift()) {
            let lines = 0;
            try {
              await catalog.write(linesOf(batch), ({ id, ok }) => {
                expect(ok).toBe(true);
                acknowledged.add(id);
                lines++;
              });
            } catch (error) {
              if (!killed.yet) throw error;
              interrupted++;
            }
            if (lines === ITEMS_PER_BATCH) finished.add(batch);
            if (++done === killAfter) {
              // Some time within the next batches, at whatever point of theirs.
              await new Promise((resolve) => setTimeout(resolve, scatter(kill, SEED) % 40));
              killed.yet = true;
              await catalog.kill();
            }
          }
        };
        await Promise.all(Array.from({ length: WRITERS }, writer));
        if (kill < KILLS) await catalog.start();
        const present = (await catalog.items()).map(({ id }) => id);
        expect(new Set(present).size).toBe(present.length);
        const lost = [...acknowledged].filter((id) => !present.includes(id));
        expect(lost).toEqual([]);
        waiting = waiting.filter((batch) => !finished.has(batch));
      }
      expect(interrupted).toBeGreaterThan(0);
      const items = await catalog.items();
      expect(items).toHaveLength(BATCHES * ITEMS_PER_BATCH);
      for (const { id, title, price, version } of items) {
        expect([id, title, version]).toEqual([`item-${price}`, `title ${price}`, 1]);
      }
      for (const { price, image } of items.filter((item) => item.price! % (ITEMS_PER_BATCH * 50) === 0)) {
        expect(await catalog.picture(image.sha256!)).toEqual(picture(price!));
      }
    } finally {
      await catalog.close();
    }
  },
  TIMEOUT,
);
