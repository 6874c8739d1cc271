import { testHammingIndex } from "./hamming-index.contract.ts";

testHammingIndex();
