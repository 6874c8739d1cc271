/** Which requests come from this machine, as far as a request can show it. */

const LOOPBACK_V4 = /^127(?:\.\d{1,3}){3}$/;

/** Whether a host name, as `URL.hostname` writes it, can only mean this machine. */
export function isLoopbackHost(hostname: string): boolean {
  const name = hostname.toLowerCase();
  return name === "localhost" || name.endsWith(".localhost") || name === "[::1]" || LOOPBACK_V4.test(name);
}

/** Headers that proxies add: behind one, `Host` says where the proxy is, not who asks. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"] as const;

/**
 * Whether a request was made on this machine, to this machine: its `Host` is a loopback name (a page whose name was
 * bound to 127.0.0.1 has another), its `Origin` is absent or a loopback one (pages of other sites have theirs; what
 * they merely embed has none, but browsers say that it is `cross-site`), and no proxy has passed it on. Means something
 * only for servers that listen on a loopback address.
 */
export function isFromThisMachine(headers: Headers): boolean {
  const host = hostnameOf(`http://${headers.get("host") ?? ""}`);
  if (host === undefined || !isLoopbackHost(host)) return false;
  if (PROXY_HEADERS.some((name) => headers.has(name))) return false;
  const origin = headers.get("origin");
  if (origin === null) return headers.get("sec-fetch-site") !== "cross-site";
  const from = hostnameOf(origin);
  return from !== undefined && isLoopbackHost(from);
}

function hostnameOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** Whether an address that a server listens on can be reached from this machine only. */
export function isLoopbackAddress(address: string): boolean {
  return isLoopbackHost(address.includes(":") ? `[${address}]` : address);
}
