import { afterAll, beforeAll, expect, it } from "vitest";
import { resolveOverHttps } from "../../src/media/dns-over-https.ts";
import { fetchPicture } from "../../src/media/fetch-picture.ts";
import { type Handler, PictureServer } from "./picture-server.ts";

const records: Record<string, { type: number; data: string }[]> = {
  "public.example.com A": [
    { type: 5, data: "alias.example.net." },
    { type: 1, data: "93.184.216.34" },
  ],
  "public.example.com AAAA": [{ type: 28, data: "2606:2800:220:1::1" }],
  "private.example.com A": [{ type: 1, data: "93.184.216.34" }],
  "private.example.com AAAA": [{ type: 28, data: "fd00::1" }],
};

const answer: Handler = (request, response) => {
  const { searchParams } = new URL(request.url ?? "", "http://localhost");
  const name = searchParams.get("name");
  if (name === "broken.example.com") return void response.writeHead(503).end();
  const Answer = records[`${name} ${searchParams.get("type")}`];
  response.end(JSON.stringify({ Status: 0, ...(Answer && { Answer }) }));
};

let server: PictureServer;
let endpoint: string;

beforeAll(async () => {
  server = await PictureServer.start(answer);
  endpoint = `http://127.0.0.1:${server.port}/dns-query`;
});
afterAll(() => server.stop());

it("finds IPv4 and IPv6 addresses, without the aliases on the way", async () => {
  const resolve = resolveOverHttps(endpoint);
  const { signal } = new AbortController();
  expect(await resolve("public.example.com", signal)).toEqual(["93.184.216.34", "2606:2800:220:1::1"]);
  expect(await resolve("unknown.example.com", signal)).toEqual([]);
  await expect(resolve("broken.example.com", signal)).rejects.toThrowError(/503/);
});

it("keeps fetchPicture from a name with one private address", async () => {
  const fetching = fetchPicture("http://private.example.com/", { resolve: resolveOverHttps(endpoint) });
  await expect(fetching).rejects.toMatchObject({ code: "address-refused" });
});
