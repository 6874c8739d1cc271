/** A Worker that is nothing but a catalogue, for tests in workerd. */
export { CatalogShard } from "../../src/catalog/shard/catalog-shard.ts";

export default {
  fetch: () => new Response("a catalogue"),
};
