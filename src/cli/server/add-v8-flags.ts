/** What `workerd.sh` runs: reads workerd's configuration, writes it with the flags of `CORKBOARD_V8_FLAGS`. */
import { readFileSync, writeFileSync } from "node:fs";
import { withV8Flags } from "./v8-flags.ts";

const config = readFileSync(0);
const flags = Buffer.from(process.env.CORKBOARD_V8_FLAGS ?? "", "base64");
let changed: Buffer = config;
try {
  changed = withV8Flags(config, flags);
} catch (error) {
  // Another Miniflare may write another layout: without flags workerd runs too.
  console.error("V8 flags:", error);
}
writeFileSync(1, changed);
