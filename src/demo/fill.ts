/** Fills an empty catalogue with the showroom's products, over HTTP. */
import { renderPicture } from "./picture.ts";
import { generateProducts, type Product, SHOWROOM } from "./products.ts";

export interface FillOptions {
  /** Where the API is, such as `http://127.0.0.1:8787`. */
  readonly baseUrl: string | URL;
  /** @default the global fetch */
  readonly fetch?: typeof fetch;
  /** A bearer token, where writing needs one. */
  readonly token?: string;
  /** @default that of {@link SHOWROOM}, 1 */
  readonly seed?: number;
  /** @default that of {@link SHOWROOM}, 300 */
  readonly count?: number;
  /** Products of one request. @default 20 */
  readonly batchSize?: number;
  /** Pixels of a picture's longer side. @default 512 */
  readonly pictureSize?: number;
  readonly onProgress?: (progress: FillProgress) => void;
  readonly signal?: AbortSignal;
}

export interface FillProgress {
  /** Products that the catalogue has taken, those of an earlier run included. */
  readonly done: number;
  readonly failed: number;
  readonly total: number;
}

export interface FillResult extends FillProgress {
  /** `occupied`: the catalogue holds something else, and nothing was written. */
  readonly status: "filled" | "occupied";
  /** What the catalogue said of products that it refused. */
  readonly failures: readonly { readonly id: string; readonly reason: string }[];
}

/** The API answered with something other than success. */
export class FillError extends Error {
  override readonly name = "FillError";

  /** @param status the HTTP status */
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(`The catalogue answered ${status}: ${detail}`);
  }
}

/** Ids of the showroom begin like this, whatever the seed. */
const OWN_ID = /^showroom-/;

/** Items of one page while the catalogue is looked through. */
const PAGE = 200;

/** JPEGs of this size show every material and stay near 30 KB. */
const PICTURE_SIZE = 512;

/**
 * Fills a catalogue that is empty or that an earlier call began to fill. Products that are already there are not
 * sent again; a catalogue that holds anything else is left alone.
 *
 * @throws {FillError} when the API fails; calling again goes on where it stopped
 * @throws the signal's reason when it is aborted
 */
export async function fillCatalogue(options: FillOptions): Promise<FillResult> {
  const { seed = SHOWROOM.seed, count = SHOWROOM.count, batchSize = 20 } = options;
  const { pictureSize = PICTURE_SIZE, onProgress, signal } = options;
  const present = await presentIds(options);
  const failures: { id: string; reason: string }[] = [];
  if (!present) return { status: "occupied", done: 0, failed: 0, total: count, failures };
  const products = generateProducts({ seed, count });
  const missing = products.filter(({ id }) => !present.has(id));
  let done = count - missing.length;
  const report = (): FillProgress => ({ done, failed: failures.length, total: count });
  onProgress?.(report());
  for (let start = 0; start < missing.length; start += batchSize) {
    const lines: string[] = [];
    const batch = missing.slice(start, start + batchSize);
    for (const product of batch) {
      signal?.throwIfAborted();
      lines.push(JSON.stringify(await itemLine(product, pictureSize)));
    }
    const refused = await postBatch(options, batch, lines);
    failures.push(...refused);
    done += batch.length - refused.length;
    onProgress?.(report());
  }
  return { status: "filled", ...report(), failures };
}

/** Ids of the showroom's products in the catalogue; none when something else is in it. */
async function presentIds(options: FillOptions): Promise<Set<string> | undefined> {
  const ids = new Set<string>();
  let cursor: string | undefined;
  let limit = 1;
  do {
    const query = new URLSearchParams({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) });
    const response = await request(options, `/v1/items?${query}`, {});
    const page = readPage(await response.json());
    for (const id of page.ids) {
      if (!OWN_ID.test(id)) return undefined;
      ids.add(id);
    }
    cursor = page.next;
    limit = PAGE;
  } while (cursor !== undefined);
  return ids;
}

function readPage(body: unknown): { ids: string[]; next: string | undefined } {
  const { items, next } = (body ?? {}) as { items?: unknown; next?: unknown };
  if (!Array.isArray(items)) throw new FillError(200, "the list of items holds no `items`.");
  const ids = items.map((item: unknown) => String((item as { id?: unknown } | null)?.id));
  return { ids, next: typeof next === "string" ? next : undefined };
}

async function itemLine(product: Product, pictureSize: number): Promise<Record<string, unknown>> {
  const { id, title, description, category, price, attributes, svg } = product;
  const { bytes, type } = await renderPicture(svg, pictureSize);
  const image = `data:${type};base64,${toBase64(bytes)}`;
  const link = `https://showroom.example/${category}/${id}`;
  return { id, image, title, description, category, price, link, attributes };
}

/** Bytes that one call of `String.fromCharCode` takes as arguments. */
const CHUNK = 8192;

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let start = 0; start < bytes.length; start += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return btoa(binary);
}

/** Sends one batch and returns what was refused; the answer has one NDJSON line for every line sent. */
async function postBatch(
  options: FillOptions,
  batch: readonly Product[],
  lines: readonly string[],
): Promise<{ id: string; reason: string }[]> {
  const response = await request(options, "/v1/items:batch", {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: `${lines.join("\n")}\n`,
  });
  const accepted = new Set<string>();
  const reasons = new Map<string, string>();
  for (const text of (await response.text()).split("\n")) {
    if (text.trim() === "") continue;
    const line = JSON.parse(text) as {
      id?: string;
      ok?: boolean;
      line?: number;
      problem?: { detail?: string; title?: string };
    };
    const id = line.id ?? batch[(line.line ?? 0) - 1]?.id;
    if (id === undefined) continue;
    if (line.ok) accepted.add(id);
    else reasons.set(id, line.problem?.detail ?? line.problem?.title ?? "refused");
  }
  return batch
    .filter(({ id }) => !accepted.has(id))
    .map(({ id }) => ({ id, reason: reasons.get(id) ?? "The answer has no line for it." }));
}

async function request(options: FillOptions, path: string, init: RequestInit): Promise<Response> {
  const { baseUrl, fetch: send = fetch, token, signal } = options;
  const headers = { ...init.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  const once = () => send(new URL(path, baseUrl), { ...init, headers, ...(signal ? { signal } : {}) });
  // Drawing a batch takes seconds; meanwhile servers close idle connections, which is seen only when one is used.
  // Sending again changes nothing that was written.
  const response = await once().catch((error) => {
    signal?.throwIfAborted();
    if (error instanceof TypeError) return once();
    throw error;
  });
  if (!response.ok) throw new FillError(response.status, (await response.text()).slice(0, 300));
  return response;
}
