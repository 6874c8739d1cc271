import { describeDecoding } from "./decode.suite.ts";

describeDecoding();
