import { BinaryIndex } from "../../src/catalog/binary-index.ts";
import { ExactIndex } from "../../src/catalog/exact-index.ts";
import { testVectorIndex } from "./vector-index.contract.ts";

testVectorIndex("exact", async () => ({ index: new ExactIndex() }));
testVectorIndex("binary, in memory", async () => ({ index: await BinaryIndex.create() }));
