/**
 * GET requests where `fetch` is all there is: workerd and browsers.
 *
 * Workers cannot see which address a name leads to. Names are checked beforehand if a resolver is given (see
 * `resolveOverHttps`), which does not stop a name from changing between the check and the request. Cloudflare's
 * network itself reaches no private addresses, except through tunnels that an account has set up on purpose.
 */

import { literalAddress } from "./addresses.ts";
import type { ConnectionRequest, ConnectionResponse } from "./connection.ts";
import { PictureFetchError } from "./fetch-errors.ts";

export async function connect(url: URL, request: ConnectionRequest): Promise<ConnectionResponse> {
  const { headers, signal, checkAddress, resolve } = request;
  if (resolve && literalAddress(url.hostname) === undefined) {
    const addresses = await resolve(url.hostname, signal);
    if (addresses.length === 0) throw new PictureFetchError(`${url.hostname} has no address.`);
    for (const address of addresses) checkAddress(address);
  }
  const response = await fetch(url, { headers, signal, redirect: "manual" });
  const reader = response.body?.getReader();
  const close = () => void reader?.cancel().catch(() => {});
  return { status: response.status, headers: response.headers, body: pieces(reader, close), close };
}

async function* pieces(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  close: () => void,
): AsyncGenerator<Uint8Array> {
  if (!reader) return;
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  } finally {
    close();
  }
}
