/**
 * `npx tsx bench/migration/evaluate.ts [items]`: real pictures in `corkboard serve`, whose picture model then gets
 * another revision. While all of them are embedded anew, the server is killed three times (`kill -9`), and a client
 * searches twenty times a second. Writes `bench/results/migration.json`.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SingleBar } from "cli-progress";
import { Corkboard } from "../../src/client/index.ts";
import { type Serve, startServeOf, temporaryFolder } from "../../test/api/serve.ts";
import { median } from "../median.ts";
import { picturesOf, rowsOf } from "../photographs/pack.ts";
import { type Installation, installBoth } from "./installations.ts";

const SETS = ["clothing", "fashion-products", "grocery", "ikea"];
const ITEMS = Number(process.argv[2] ?? 5_000);
const KILLS = 3;
/** Items that are searched for by their pictures, in turns. */
const PROBES = 50;
const SEARCH_EVERY_MS = 50;
const POLL_MS = 1_000;
const RESULTS = new URL("../results/migration.json", import.meta.url);

interface Picture {
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

async function* pictures(): AsyncGenerator<Picture> {
  let count = 0;
  for (const set of SETS) {
    const files = new Set((await rowsOf(set)).map(({ file }) => file!));
    for await (const { file, bytes } of picturesOf(set, files)) {
      if (count++ === ITEMS) return;
      yield { id: `${set}-${file.replaceAll(/[^\w.-]/g, "-")}`, bytes };
    }
  }
  throw new Error(`the data pack has ${count} pictures only`);
}

/** What a client sees that searches all the time: by the pictures of some items, which must come first. */
class Searcher {
  readonly answers: { readonly model: string; readonly right: boolean; readonly ms: number }[] = [];
  /** Refused or cut off while the server ran; while it was down, nothing is counted. */
  readonly failures: string[] = [];
  origin: string | undefined;
  #stopped = false;

  constructor(readonly probes: readonly Picture[]) {}

  async run(): Promise<void> {
    for (let turn = 0; !this.#stopped; turn++) {
      await pause(SEARCH_EVERY_MS);
      const { origin } = this;
      if (origin === undefined) continue;
      const { id, bytes } = this.probes[turn % this.probes.length]!;
      const start = performance.now();
      try {
        const { results, query } = await new Corkboard({ baseUrl: origin, retries: 0 }).search({
          image: bytes,
          limit: 1,
        });
        const right = results[0]?.id === id && results[0].score > 0.99;
        this.answers.push({ model: query.model, right, ms: performance.now() - start });
      } catch (error) {
        if (this.origin === origin) this.failures.push(String(error));
      }
    }
  }

  stop(): void {
    this.#stopped = true;
  }
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

const embeddedBy = async (server: Serve, model: string): Promise<number> => {
  const { roles } = await new Corkboard({ baseUrl: server.origin }).catalog();
  const { picture } = roles;
  if (picture.model === model) return picture.states.embedded;
  return picture.next?.model === model ? picture.next.states.embedded : 0;
};

/** Pictures that a server's life has cost a model; those that the cache knew are not among them. */
async function inferencesOf(server: Serve, model: string): Promise<number> {
  const text = await (await fetch(`${server.origin}/metrics`)).text();
  const [name] = model.split("@");
  return Number(
    new RegExp(`^corkboard_pictures_embedded_total\\{model="${name}"\\} (\\d+)$`, "m").exec(text)?.[1] ?? 0,
  );
}

async function fill(storage: string, { cli, model }: Installation): Promise<Picture[]> {
  const server = await startServeOf(cli, storage, "--quiet");
  const all: Picture[] = [];
  const bar = new SingleBar({ format: "filled {bar} {value} of {total}" });
  bar.start(ITEMS, 0);
  try {
    const corkboard = new Corkboard({ baseUrl: server.origin });
    const items = (async function* () {
      for await (const one of pictures()) {
        all.push(one);
        yield { id: one.id, image: one.bytes };
      }
    })();
    for await (const written of corkboard.items.batch(items)) {
      if (!written.ok) throw new Error(`${written.id}: ${written.problem.detail}`);
    }
    for (let done = 0; done < ITEMS; await pause(POLL_MS)) {
      done = await embeddedBy(server, model);
      bar.update(done);
    }
    return all;
  } finally {
    bar.stop();
    await server.stop();
  }
}

async function migrate(storage: string, { cli, model }: Installation, all: readonly Picture[]) {
  const searcher = new Searcher(all.filter((_, at) => at % Math.ceil(ITEMS / PROBES) === 0));
  const searching = searcher.run();
  const bar = new SingleBar({ format: "embedded anew {bar} {value} of {total}, killed {kills} times" });
  bar.start(ITEMS, 0, { kills: 0 });
  const killedAt: number[] = [];
  let inferences = 0;
  let server = await startServeOf(cli, storage, "--quiet");
  searcher.origin = server.origin;
  try {
    for (let done = 0; done < ITEMS; await pause(POLL_MS)) {
      done = await embeddedBy(server, model);
      bar.update(done, { kills: killedAt.length });
      if (killedAt.length < KILLS && done > ((killedAt.length + 1) * ITEMS) / (KILLS + 1)) {
        inferences += await inferencesOf(server, model);
        searcher.origin = undefined;
        await server.kill();
        killedAt.push(done);
        server = await startServeOf(cli, storage, "--quiet");
        searcher.origin = server.origin;
      }
    }
    inferences += await inferencesOf(server, model);
    // Until every isolate has noticed, and some answers of the new vectors.
    await pause(10 * POLL_MS);
    searcher.stop();
    await searching;
    const ids: string[] = [];
    const corkboard = new Corkboard({ baseUrl: server.origin });
    for await (const { id } of corkboard.items.all()) ids.push(id);
    let found = 0;
    for (const { id, bytes } of all.filter((_, at) => at % 10 === 0)) {
      const { results } = await corkboard.search({ image: bytes, limit: 2 });
      if (results.some((one) => one.id === id && one.score > 0.99)) found++;
    }
    const overview = await corkboard.catalog();
    return { searcher, killedAt, inferences, ids, found, overview };
  } finally {
    bar.stop();
    await server.stop();
  }
}

const folder = await temporaryFolder();
const { before, after, remove } = await installBoth();
try {
  const storage = join(folder.path, "state");
  const all = await fill(storage, before);
  const { searcher, killedAt, inferences, ids, found, overview } = await migrate(storage, after, all);
  const answersOf = (model: string) => {
    const some = searcher.answers.filter((answer) => answer.model === model);
    return {
      model,
      answers: some.length,
      right: some.filter(({ right }) => right).length,
      medianMs: median(some.map(({ ms }) => ms)),
    };
  };
  const switches = searcher.answers.filter(
    ({ model }, at) => at > 0 && model !== searcher.answers[at - 1]!.model,
  );
  const result = {
    bench: "migration",
    items: ITEMS,
    killedAt,
    old: answersOf(before.model),
    new: answersOf(after.model),
    switches: switches.length,
    failures: searcher.failures,
    itemsAfterwards: ids.length,
    missing: all.filter(({ id }) => !ids.includes(id)).length,
    states: overview.roles.picture,
    foundByPicture: `${found} of ${Math.ceil(ITEMS / 10)}`,
    picturesEmbedded: inferences,
  };
  console.log(JSON.stringify(result, null, 2));
  await writeFile(RESULTS, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await folder.remove();
  await remove();
}
