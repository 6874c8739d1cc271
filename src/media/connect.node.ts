/** GET requests in Node: the very addresses that were checked are connected to, so DNS cannot change in between. */
import { lookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { ConnectionRequest, ConnectionResponse } from "./connection.ts";

/** No connection is shared with other parts of the program, whose addresses nobody has checked. */
const agents = { "http:": new http.Agent(), "https:": new https.Agent() };

export function connect(url: URL, request: ConnectionRequest): Promise<ConnectionResponse> {
  const secure = url.protocol === "https:";
  const { headers, signal } = request;
  return new Promise((resolve, reject) => {
    const options = { headers, signal, lookup: checkedLookup(request) };
    const answered = (message: http.IncomingMessage) => resolve(responseOf(message));
    const sent = secure
      ? https.get(url, { ...options, agent: agents["https:"] }, answered)
      : http.get(url, { ...options, agent: agents["http:"] }, answered);
    sent.on("error", reject);
  });
}

/** Looks up a name and hands out its addresses only when every one of them passes the check. */
function checkedLookup({ checkAddress, resolve = resolveAll, signal }: ConnectionRequest): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname, signal)
      .then((addresses) => {
        if (addresses.length === 0) throw new Error(`${hostname} has no address.`);
        for (const address of addresses) checkAddress(address);
        const found = addresses.map((address) => ({ address, family: isIP(address) }));
        if (all) callback(null, found);
        else callback(null, found[0]!.address, found[0]!.family);
      })
      .catch((error) => callback(error, all ? [] : "", 0));
  };
}

async function resolveAll(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
}

function responseOf(message: http.IncomingMessage): ConnectionResponse {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headersDistinct)) {
    for (const item of value ?? []) headers.append(name, item);
  }
  return { status: message.statusCode ?? 0, headers, body: message, close: () => void message.destroy() };
}
