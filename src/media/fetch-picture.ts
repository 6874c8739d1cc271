/** Pictures from addresses that strangers name: fetched with a deadline, a size limit, and public hosts only. */
import { connect as platformConnect } from "#media/connect";
import { Problem } from "../problem.ts";
import { checkPublicAddress, checkPublicHost, matchesHost } from "./addresses.ts";
import type { Connect, ConnectionResponse, Resolve } from "./connection.ts";
import { UnsupportedPictureError } from "./errors.ts";
import {
  AddressRefusedError,
  InvalidPictureUrlError,
  PictureFetchError,
  PictureFetchTimeoutError,
} from "./fetch-errors.ts";
import { detectFormat } from "./header.ts";
import { checkByteLength, MAX_PICTURE_BYTES } from "./limits.ts";

/** A picture that takes longer would make its embedding later than anybody waits for. */
export const FETCH_TIMEOUT_MS = 8_000;

/** A short link, http to https, one move: more hops are loops. */
export const MAX_REDIRECTS = 3;

/** Other ports serve databases and admin pages more often than pictures. */
export const ALLOWED_PORTS: readonly number[] = [80, 443];

/** Longer URLs are refused by most servers. */
const MAX_URL_LENGTH = 4_096;

/** Bytes after which the format is known (an AVIF `ftyp` box has at most 256). */
const DETECTION_BYTES = 256;

const REDIRECT_STATUS = new Set([301, 302, 303, 307, 308]);

const HEADERS = {
  accept: "image/avif,image/webp,image/png,image/jpeg,image/gif",
  // A compressed body could be a bomb; pictures are compressed already.
  "accept-encoding": "identity",
  "user-agent": "Corkboard",
};

export interface FetchPictureOptions {
  /** Milliseconds for all hops and the body together. Default {@link FETCH_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
  /** Bytes of the body. Default {@link MAX_PICTURE_BYTES}. */
  readonly maxBytes?: number;
  /** Default {@link MAX_REDIRECTS}. */
  readonly maxRedirects?: number;
  /** Host patterns (`images.example.com`, `*.example.com`); nothing else is fetched. Default: every public host. */
  readonly allowHosts?: readonly string[];
  /** Default {@link ALLOWED_PORTS}. */
  readonly ports?: readonly number[];
  /** Lets private addresses and all ports pass: for tests and for closed networks. Default false. */
  readonly allowPrivate?: boolean;
  /** Resolves host names, so that their addresses can be checked. Default: Node's own; in Workers none. */
  readonly resolve?: Resolve;
  /** Replaces the platform's way to send a request. */
  readonly connect?: Connect;
  /** The caller's own reason to stop. */
  readonly signal?: AbortSignal;
}

export interface FetchedPicture {
  readonly bytes: Uint8Array;
  /** Where the picture was found after redirects. */
  readonly url: string;
}

/**
 * Fetches a picture. Its content type is not asked: magic bytes decide, and a body that does not start like a
 * picture is not read further. Redirects are followed by hand and each hop is checked like the first.
 *
 * Refused are schemes other than http and https, user names and passwords, other ports, hosts outside
 * `allowHosts`, private names, and addresses that are not public in any notation. DNS names: Node resolves them
 * here, refuses them if any of their addresses is not public, and connects to the checked addresses only. Workers
 * cannot resolve names; give `resolve: resolveOverHttps()` to have them checked before the request.
 *
 * @throws {InvalidPictureUrlError} {@link AddressRefusedError} before anything is sent
 * @throws {PictureFetchError} when the server is not reached, answers no picture or redirects too often
 * @throws {PictureFetchTimeoutError} when the deadline is over, or `signal` is aborted
 * @throws {PictureTooLargeError} {@link UnsupportedPictureError} by what arrives
 */
export async function fetchPicture(
  url: string | URL,
  options: FetchPictureOptions = {},
): Promise<FetchedPicture> {
  const { timeoutMs = FETCH_TIMEOUT_MS, maxRedirects = MAX_REDIRECTS } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  let hop = parseUrl(String(url));
  try {
    for (let redirects = 0; ; redirects++) {
      checkUrl(hop, options);
      const response = await untilAborted(signal, send(hop, options, signal));
      if (!REDIRECT_STATUS.has(response.status)) {
        return { bytes: await untilAborted(signal, readPicture(hop, response, options)), url: hop.href };
      }
      response.close();
      if (redirects === maxRedirects) throw new PictureFetchError(`More than ${maxRedirects} redirects.`);
      hop = parseUrl(response.headers.get("location") ?? "", hop);
    }
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    if (signal.aborted)
      throw new PictureFetchTimeoutError(`${hop.host} did not send the picture in time.`, cause);
    throw new PictureFetchError(`${hop.host} could not be reached.`, cause);
  }
}

function send(url: URL, options: FetchPictureOptions, signal: AbortSignal): Promise<ConnectionResponse> {
  const { allowPrivate = false, resolve, connect = platformConnect } = options;
  const checkAddress = allowPrivate ? () => {} : checkPublicAddress;
  return connect(url, { headers: HEADERS, signal, checkAddress, ...(resolve && { resolve }) });
}

/** Rejects when the signal is aborted, even if the platform does not notice. */
function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function parseUrl(text: string, base?: URL): URL {
  if (text.length > MAX_URL_LENGTH) throw new InvalidPictureUrlError("The URL is too long.");
  if (text === "" || !URL.canParse(text, base)) throw new InvalidPictureUrlError("The URL cannot be read.");
  return new URL(text, base);
}

function checkUrl(url: URL, options: FetchPictureOptions): void {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new InvalidPictureUrlError(`The scheme ${url.protocol} is not fetched.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidPictureUrlError("The URL contains a user name or a password.");
  }
  const { allowHosts, ports = ALLOWED_PORTS, allowPrivate = false } = options;
  if (allowHosts && !matchesHost(url.hostname, allowHosts)) {
    throw new AddressRefusedError(`The host ${url.hostname} is not on the list of allowed hosts.`);
  }
  if (allowPrivate) return;
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  if (!ports.includes(port)) throw new AddressRefusedError(`The port ${port} is not allowed.`);
  checkPublicHost(url.hostname);
}

async function readPicture(
  url: URL,
  response: ConnectionResponse,
  options: FetchPictureOptions,
): Promise<Uint8Array> {
  const limit = { maxBytes: options.maxBytes ?? MAX_PICTURE_BYTES };
  try {
    if (response.status !== 200) throw new PictureFetchError(`${url.host} answered ${response.status}.`);
    const encoding = response.headers.get("content-encoding") ?? "identity";
    if (encoding !== "identity") {
      throw new PictureFetchError(
        `${url.host} answered in the encoding ${encoding}, which was not asked for.`,
      );
    }
    // Too large by its own words: no need to count.
    checkByteLength(Number(response.headers.get("content-length") ?? 0), limit);
    return await collect(response.body, limit);
  } finally {
    response.close();
  }
}

async function collect(body: AsyncIterable<Uint8Array>, limit: { maxBytes: number }): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let detected = false;
  for await (const piece of body) {
    pieces.push(piece);
    length += piece.length;
    checkByteLength(length, limit);
    if (detected || length < DETECTION_BYTES) continue;
    checkStart(concatenate(pieces, length));
    detected = true;
  }
  const bytes = concatenate(pieces, length);
  if (!detected) checkStart(bytes);
  return bytes;
}

function checkStart(bytes: Uint8Array): void {
  if (!detectFormat(bytes)) throw new UnsupportedPictureError("What the URL leads to is not a picture.");
}

function concatenate(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
