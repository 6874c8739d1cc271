/** `npm run dev`: builds, then starts every edge function together, offline, on one port. */
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { adminTokenOf } from "../src/cli/server/admin-token.ts";
import { SINGLE_THREADED_GC, v8FlagsEnvironment } from "../src/cli/server/v8-flags.ts";
import { isLoopbackAddress } from "../src/http/auth/loopback.ts";
import { openShowroom } from "./showroom.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8787" },
    host: { type: "string", default: "127.0.0.1" },
    storage: { type: "string", default: ".wrangler/state" },
    empty: { type: "boolean", default: false },
    origin: { type: "string", default: "http://127.0.0.1:8001" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  console.log(
    "Usage: npm run dev -- [--port 8787] [--host 127.0.0.1] [--storage .wrangler/state] [--empty] [--origin URL|none]\n\n" +
      "An empty catalogue is filled with the showroom, unless --empty is given.\n" +
      "Feeds are ranked by the origin, `npm run origin`, where there is one (default: http://127.0.0.1:8001).",
  );
  process.exit(0);
}

await import("./build.ts");

// On this machine alone, writing takes no key. Anybody else who can reach the port needs one.
const local = isLoopbackAddress(values.host);
const adminToken = await adminTokenOf(values.storage);
const vars = [`LOCAL_DEVELOPMENT:${local}`, `ADMIN_TOKEN:${adminToken}`];
if (values.origin !== "none") vars.push(`ORIGIN_URL:${values.origin}`);
if (process.env.ORIGIN_SECRET) vars.push(`ORIGIN_SECRET:${process.env.ORIGIN_SECRET}`);

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
      ...(await v8FlagsEnvironment([SINGLE_THREADED_GC])),
      // Start without the internet: no example request properties, no usage statistics.
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_SEND_METRICS: "false",
    },
  },
);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => wrangler.kill(signal));
wrangler.on("exit", (code) => process.exit(code ?? 1));
if (!values.empty) {
  const ended = new AbortController();
  wrangler.on("exit", () => ended.abort());
  const host = values.host.includes(":") ? `[${values.host}]` : values.host;
  await openShowroom({ baseUrl: `http://${host}:${values.port}`, token: adminToken, signal: ended.signal });
}
