/** What `corkboard serve` has acknowledged of boards is there after `kill -9`. */
import { expect, it } from "vitest";
import { Corkboard } from "../../src/client/index.ts";
import { type Serve, startServe, temporaryFolder } from "./serve.ts";

const BOARDS = 8;
const KILLS = 5;
const WRITES_BETWEEN = 120;
const SEED = Math.floor(Math.random() * 2 ** 31);
const TIMEOUT = 300_000;

it(
  `keeps what was put on boards and taken off when it is killed five times meanwhile (seed ${SEED})`,
  async () => {
    const folder = await temporaryFolder();
    let server = await startServe(folder.path);
    /** Items by board as they were acknowledged; items whose write was cut off may be either way. */
    const expected = Array.from({ length: BOARDS }, () => new Map<string, boolean>());
    const open = expected.map(() => new Set<string>());
    let interrupted = 0;
    try {
      for (let kill = 0; kill <= KILLS; kill++) {
        const { boards } = new Corkboard({ baseUrl: server.origin, retries: 0 });
        let done = 0;
        let dying: Promise<void> | undefined;
        const write = async (number: number) => {
          const id = `board-${number}`;
          await boards.put(id, { title: `Board ${number}` }).catch(() => undefined);
          for (let n = 0; n < WRITES_BETWEEN; n++) {
            const item = `item-${kill}-${n >> 1}`;
            const here = n % 4 !== 3;
            try {
              // Two times an item is added, once another is taken off again.
              if (here) await boards.add(id, item);
              else await boards.remove(id, item);
              expected[number]!.set(item, here);
              open[number]!.delete(item);
            } catch (error) {
              if (!dying) throw error;
              open[number]!.add(item);
              interrupted++;
              return;
            }
            if (++done === (BOARDS * WRITES_BETWEEN) / 2 && kill < KILLS) dying = die(server, SEED % 20);
          }
        };
        await Promise.all(Array.from({ length: BOARDS }, (_, number) => write(number)));
        if (dying) {
          await dying;
          server = await startServe(folder.path);
        }
        await check(server, expected, open);
      }
      expect(interrupted).toBeGreaterThan(0);
    } finally {
      await server.kill().catch(() => undefined);
      await folder.remove();
    }
  },
  TIMEOUT,
);

async function check(
  server: Serve,
  expected: readonly Map<string, boolean>[],
  open: readonly Set<string>[],
): Promise<void> {
  const { boards } = new Corkboard({ baseUrl: server.origin });
  for (const [number, items] of expected.entries()) {
    const { items: size } = await boards.get(`board-${number}`);
    const present: string[] = [];
    for await (const { id } of boards.allItems(`board-${number}`, { brief: true })) present.push(id);
    expect(present).toHaveLength(size);
    expect(new Set(present).size).toBe(size);
    const sure = (here: boolean) =>
      [...items].flatMap(([id, state]) => (state === here && !open[number]!.has(id) ? [id] : []));
    expect(sure(true).filter((id) => !present.includes(id))).toEqual([]);
    expect(sure(false).filter((id) => present.includes(id))).toEqual([]);
    const known = new Set([...items.keys(), ...open[number]!]);
    expect(present.filter((id) => !known.has(id))).toEqual([]);
  }
}

async function die(server: Serve, afterMs: number): Promise<void> {
  await new Promise((done) => setTimeout(done, afterMs));
  await server.kill();
}
