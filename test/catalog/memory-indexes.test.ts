import { expect, test } from "vitest";
import { ClusteredVectors } from "../../bench/search/clustered-vectors.ts";
import { BinaryIndex } from "../../src/catalog/binary-index.ts";
import { ExactIndex } from "../../src/catalog/exact-index.ts";
import { byRank, type Hit } from "../../src/catalog/vector-index.ts";
import { entries } from "./entries.ts";
import { testVectorIndex } from "./vector-index.contract.ts";

testVectorIndex("exact", async () => ({ index: new ExactIndex() }));
testVectorIndex("binary, in memory", async () => ({ index: await BinaryIndex.create() }));

test("among many entries the binary index finds nearly all of the exact answer, in order and without repetition", async () => {
  const vectors = new ClusteredVectors(5, 6_000);
  const all = entries(6_000, vectors);
  const exact = new ExactIndex();
  const binary = await BinaryIndex.create();
  await exact.upsert(all);
  await binary.upsert(all);
  let found = 0;
  for (let n = 0; n < 20; n++) {
    const query = { vector: vectors.at(6_000 + n), k: 20 };
    const truth = new Set((await exact.search(query)).map(({ id }) => id));
    const hits: Hit[] = [];
    for (let page = 0; page < 4; page++) {
      const last = hits.at(-1);
      const after = last && { score: last.score, id: last.id, seen: hits.length };
      hits.push(...(await binary.search({ ...query, k: 5, after })));
    }
    expect(hits).toEqual([...hits].sort(byRank));
    expect(new Set(hits.map(({ id }) => id)).size).toBe(20);
    found += hits.filter(({ id }) => truth.has(id)).length;
  }
  expect(found / 400).toBeGreaterThan(0.95);
});
