/** The Worker of the tests in workerd: nothing but the classes that their bindings need. */
export { BoardShard } from "../src/catalog/boards/board-shard.ts";
export { CatalogShard } from "../src/catalog/shard/catalog-shard.ts";
export { KeyRing } from "../src/http/auth/key-ring.ts";
export { Person } from "../src/people/person.ts";

export default {
  fetch: () => new Response("a test"),
};
