/** What `corkboard serve` has acknowledged over HTTP is there after `kill -9`. */
import { expect, it } from "vitest";
import { Corkboard, type Item } from "../../src/client/index.ts";
import { dataUrl, drawJpeg } from "../http/pictures.ts";
import { type Serve, startServe, temporaryFolder } from "./serve.ts";

const WRITES = 1_000;
const LINES = 10;
const WRITERS = 4;
const KILLS = 10;
const SEED = Math.floor(Math.random() * 2 ** 31);

/** Eleven starts take half a minute on an idle machine, and several times as long on a busy one. */
const TIMEOUT = 400_000;

/** Every tenth item has a picture of its own, the others addresses that lead nowhere. */
function lineOf(number: number): string {
  const image =
    number % 10 === 0 ? dataUrl(drawJpeg(number, 32, 32)) : `https://pictures.invalid/${number}.jpg`;
  return `${JSON.stringify({ id: `item-${number}`, title: `title ${number}`, price: number, image })}\n`;
}

/** Writes one batch; `take` is told of every line as soon as it is acknowledged. @throws when the server dies */
async function writeBatch(server: Serve, batch: number, take: (id: string) => void): Promise<void> {
  const body = Array.from({ length: LINES }, (_, at) => lineOf(batch * LINES + at)).join("");
  const headers = { "content-type": "application/x-ndjson" };
  const send = () => fetch(`${server.origin}/v1/items:batch`, { method: "POST", headers, body });
  // A server may end a connection between two requests; what is sent on it then is sent again, as any client does.
  const response = await send().catch(send);
  expect(response.status).toBe(200);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const answer = JSON.parse(line) as { ok: boolean; id: string };
      expect(answer).toMatchObject({ ok: true });
      take(answer.id);
    }
  }
}

async function allItems(server: Serve): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of new Corkboard({ baseUrl: server.origin }).items.all()) items.push(item);
  return items;
}

it(
  `keeps what it has acknowledged when it is killed ten times during 1,000 writes (seed ${SEED})`,
  async () => {
    const folder = await temporaryFolder();
    let server = await startServe(folder.path);
    const acknowledged = new Set<string>();
    let waiting = Array.from({ length: WRITES / LINES }, (_, batch) => batch);
    let interrupted = 0;
    try {
      for (let kill = 0; kill <= KILLS; kill++) {
        const queue = [...waiting];
        const finished = new Set<number>();
        const target =
          kill < KILLS ? Math.ceil((WRITES * (kill + 1)) / (KILLS + 1)) : Number.POSITIVE_INFINITY;
        let dying: Promise<void> | undefined;
        const take = (id: string) => {
          acknowledged.add(id);
          // Not right after the answer: at whatever point of the writes that follow.
          if (acknowledged.size >= target) dying ??= die(server, (SEED + kill * 7) % 25);
        };
        const write = async () => {
          for (let batch = queue.shift(); batch !== undefined && !dying; batch = queue.shift()) {
            try {
              await writeBatch(server, batch, take);
              finished.add(batch);
            } catch (error) {
              if (!dying) throw error;
              interrupted += 1;
            }
          }
        };
        await Promise.all(Array.from({ length: WRITERS }, write));
        if (dying) {
          await dying;
          server = await startServe(folder.path);
        }
        waiting = waiting.filter((batch) => !finished.has(batch));
        const present = (await allItems(server)).map(({ id }) => id);
        expect(new Set(present).size).toBe(present.length);
        expect([...acknowledged].filter((id) => !present.includes(id))).toEqual([]);
      }
      expect(interrupted).toBeGreaterThan(0);
      const items = await allItems(server);
      expect(items).toHaveLength(WRITES);
      for (const { id, title, price, version } of items) {
        expect([id, title, version]).toEqual([`item-${price}`, `title ${price}`, 1]);
      }
      const { pictures } = new Corkboard({ baseUrl: server.origin });
      for (const { price, image } of items.filter((item) => item.price! % 100 === 0)) {
        const bytes = new Uint8Array(await (await pictures.get(image.sha256!)).arrayBuffer());
        expect(bytes).toEqual(drawJpeg(price!, 32, 32));
      }
    } finally {
      await server.kill().catch(() => undefined);
      await folder.remove();
    }
  },
  TIMEOUT,
);

async function die(server: Serve, afterMs: number): Promise<void> {
  await new Promise((done) => setTimeout(done, afterMs));
  await server.kill();
}
