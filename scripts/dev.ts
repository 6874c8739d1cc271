/** `npm run dev`: builds, then starts every edge function together, offline, on one port. */
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { adminTokenOf } from "../src/cli/server/admin-token.ts";
import { isLoopbackAddress } from "../src/http/auth/loopback.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8787" },
    host: { type: "string", default: "127.0.0.1" },
    storage: { type: "string", default: ".wrangler/state" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  console.log("Usage: npm run dev -- [--port 8787] [--host 127.0.0.1] [--storage .wrangler/state]");
  process.exit(0);
}

await import("./build.ts");

// On this machine alone, writing takes no key. Anybody else who can reach the port needs one.
const local = isLoopbackAddress(values.host);
const vars = [`LOCAL_DEVELOPMENT:${local}`, `ADMIN_TOKEN:${await adminTokenOf(values.storage)}`];

const wrangler = spawn(
  process.execPath,
  [
    "node_modules/wrangler/bin/wrangler.js",
    "dev",
    ...["-c", "wrangler.toml", "-c", "functions/model-host/wrangler.toml"],
    ...["--ip", values.host, "--port", values.port, "--persist-to", values.storage],
    "--show-interactive-dev-session=false",
    ...vars.flatMap((one) => ["--var", one]),
  ],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      // Start without the internet: no example request properties, no usage statistics.
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_SEND_METRICS: "false",
    },
  },
);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => wrangler.kill(signal));
wrangler.on("exit", (code) => process.exit(code ?? 1));
