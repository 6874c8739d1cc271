/** Host names to addresses where a platform has no resolver: DNS over HTTPS in its JSON form. */
import type { Resolve } from "./connection.ts";

const RECORD_TYPES = { A: 1, AAAA: 28 } as const;

interface Answer {
  readonly Answer?: readonly { readonly type: number; readonly data: string }[];
}

/**
 * A resolver for `fetchPicture` in Workers.
 *
 * @param endpoint service that answers `application/dns-json`
 *
 * @example
 * await fetchPicture(url, { resolve: resolveOverHttps() });
 */
export function resolveOverHttps(endpoint = "https://cloudflare-dns.com/dns-query"): Resolve {
  return async (hostname, signal) => {
    const types = Object.keys(RECORD_TYPES) as (keyof typeof RECORD_TYPES)[];
    const found = await Promise.all(types.map((type) => query(endpoint, hostname, type, signal)));
    return found.flat();
  };
}

async function query(
  endpoint: string,
  hostname: string,
  type: keyof typeof RECORD_TYPES,
  signal: AbortSignal,
): Promise<string[]> {
  const url = new URL(endpoint);
  url.searchParams.set("name", hostname);
  url.searchParams.set("type", type);
  const response = await fetch(url, { headers: { accept: "application/dns-json" }, signal });
  if (!response.ok) throw new Error(`The name server answered ${response.status}.`);
  const { Answer = [] } = (await response.json()) as Answer;
  return Answer.filter((record) => record.type === RECORD_TYPES[type]).map((record) => record.data);
}
