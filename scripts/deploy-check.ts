/** `npm run deploy:check`: bundles every edge function as `wrangler deploy` would, and prints the sizes. */
import { spawnSync } from "node:child_process";
import { FUNCTIONS } from "./functions.ts";

/** What can be deployed: every function, and the model host in its smaller form. */
const DEPLOYABLE = [
  ...FUNCTIONS,
  { name: "corkboard-model-host, engine only", config: "functions/model-host/wrangler.engine.toml" },
];
/** Workers Paid takes 10 MB after compression; the check fails before Cloudflare does. */
const MAX_GZIP_KIB = 10_000;

const rows: { function: string; "upload KiB": number; "gzip KiB": number }[] = [];
for (const { name, config } of DEPLOYABLE) {
  const result = spawnSync(
    process.execPath,
    ["node_modules/wrangler/bin/wrangler.js", "deploy", "--dry-run", "-c", config],
    { encoding: "utf8", env: { ...process.env, WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" } },
  );
  const output = `${result.stdout}\n${result.stderr}`;
  const size = /Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/.exec(output);
  if (result.status !== 0 || !size) {
    console.error(output);
    throw new Error(`${name}: wrangler deploy --dry-run failed`);
  }
  rows.push({ function: name, "upload KiB": Number(size[1]), "gzip KiB": Number(size[2]) });
}
console.table(rows);
const tooLarge = rows.filter((row) => row["gzip KiB"] > MAX_GZIP_KIB);
if (tooLarge.length > 0) {
  throw new Error(
    `larger than ${MAX_GZIP_KIB} KiB compressed: ${tooLarge.map((row) => row.function).join(", ")}`,
  );
}
