import { describeMutations } from "./mutations.suite.ts";

describeMutations(400);
