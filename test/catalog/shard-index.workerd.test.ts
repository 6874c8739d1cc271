import { SHARD_LIMITS } from "../../src/catalog/shard/shard-index.ts";
import { ShardedIndex } from "../../src/catalog/sharded-index.ts";
import { type ShardStub, Shards } from "../../src/catalog/shards.ts";
import { checkQuery, type VectorIndex } from "../../src/catalog/vector-index.ts";
import { freshNamespace, freshShard, SPACE } from "./test-catalog.ts";
import { testVectorIndex } from "./vector-index.contract.ts";

/** Entries into a shard the way they get there: as an item first, then its vector. */
function writing(shardOf: (id: string) => ShardStub): Pick<VectorIndex, "upsert" | "remove"> {
  return {
    async upsert(entries) {
      for (const shard of new Set(entries.map(({ id }) => shardOf(id)))) {
        const some = entries.filter(({ id }) => shardOf(id) === shard);
        await shard.put(
          some.map(({ id, facets }) => ({
            id,
            fields: JSON.parse(JSON.stringify(facets)),
            image: { url: `https://example.com/${id}` },
          })),
          SPACE,
        );
        await shard.finish(
          some.map(({ id, vector }) => ({ id, vector, image: { url: `https://example.com/${id}` } })),
          SPACE,
        );
      }
    },
    async remove(ids) {
      for (const id of ids) await shardOf(id).delete(id);
    },
  };
}

testVectorIndex("one shard", async () => {
  const shard = freshShard();
  const index: VectorIndex = {
    ...writing(() => shard),
    limits: SHARD_LIMITS,
    search: async (query) => {
      checkQuery(query, SHARD_LIMITS);
      return shard.search(query, SPACE);
    },
    size: async () => (await shard.stats(SPACE)).embedded,
  };
  return { index };
});

testVectorIndex("three shards", async () => {
  const namespace = freshNamespace();
  const shards = new Shards(namespace, 3);
  const stubs = [0, 1, 2].map((n) => namespace.get(namespace.idFromName(`shard-${n}`)) as ShardStub);
  const sharded = new ShardedIndex(shards, SPACE);
  const index: VectorIndex = {
    ...writing((id) => stubs[shards.of(id)]!),
    limits: sharded.limits,
    search: (query) => sharded.search(query),
    size: async () =>
      (await shards.all((shard) => shard.stats(SPACE))).reduce((sum, { embedded }) => sum + embedded, 0),
  };
  return { index };
});
