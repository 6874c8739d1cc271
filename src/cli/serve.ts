/** `corkboard serve`: everything in one process, without an account and without the internet. */
import type { Readable } from "node:stream";
import { Command, InvalidArgumentError } from "commander";
import { isLoopbackAddress } from "../http/auth/loopback.ts";
import { DEFAULT_HOST, DEFAULT_PORT, DEFAULT_STORAGE } from "./server/defaults.ts";
import { startServer } from "./server/server.ts";

interface ServeOptions {
  readonly storage: string;
  readonly host: string;
  readonly port: number;
  readonly requireKeys: boolean;
  readonly privateRead: boolean;
  readonly quiet: boolean;
  readonly origin?: string;
  readonly originModel?: string;
}

export function serveCommand(): Command {
  return new Command("serve")
    .description("Run the whole product on this machine: page, API and models.")
    .option("--storage <folder>", "where items, pictures and keys are kept", DEFAULT_STORAGE)
    .option("--host <address>", "address to listen on", DEFAULT_HOST)
    .option("--port <port>", "port to listen on; 0 takes a free one", portNumber, DEFAULT_PORT)
    .option("--require-keys", "writing takes a key even from this machine", false)
    .option("--private-read", "reading and searching take a key too", false)
    .option(
      "--origin <url>",
      "a GPU origin (npm run origin), for feeds and beside the model host",
      webAddress,
    )
    .option("--origin-model <name@revision>", "take feeds from this revision of the origin's model only")
    .option("--quiet", "no line for each request", false)
    .addHelpText(
      "after",
      `
Examples:
  $ npx corkboard serve
  $ npx corkboard serve --host 0.0.0.0 --storage /srv/corkboard   # once there is a key

On 127.0.0.1 this machine writes without a key. Behind a proxy on this machine, use --require-keys.
Ctrl-C ends it when the requests in work are answered; a second one ends it at once.`,
    )
    .action(serve);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError("Not a port.");
  return port;
}

function webAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return text;
  throw new InvalidArgumentError("Not an http(s) address.");
}

async function serve(options: ServeOptions): Promise<void> {
  const onLog = (stream: Readable) => {
    if (options.quiet) stream.resume();
    else stream.pipe(process.stdout, { end: false });
  };
  const { ORIGIN_SECRET: originSecret } = process.env;
  const server = await startServer({
    ...options,
    ...(options.origin && {
      gpuOrigin: { url: options.origin, secret: originSecret, feedModel: options.originModel },
    }),
    onLog,
  });
  const who =
    isLoopbackAddress(options.host) && !options.requireKeys
      ? "this machine writes without a key"
      : "writing takes a key";
  console.error(`Corkboard is at ${server.origin} (${who}); state in ${options.storage}`);
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Miniflare's own handlers end the process at once, with requests in work.
    process.removeAllListeners(signal);
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      void server.stop().then(() => process.exit(0));
    });
  }
}
