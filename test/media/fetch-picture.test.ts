import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodePicture } from "../../src/media/decode.ts";
import { type FetchPictureOptions, fetchPicture } from "../../src/media/fetch-picture.ts";
import { concatenate } from "./craft.ts";
import { pictureFile } from "./fixtures.ts";
import { type Handler, PictureServer, redirect } from "./picture-server.ts";

const photo = pictureFile("JPEG, baseline");

const refused = { name: "AddressRefusedError", status: 400, code: "address-refused" };
const failed = { name: "PictureFetchError", status: 424, code: "picture-fetch-failed" };
const timeout = { name: "PictureFetchTimeoutError", status: 504, code: "picture-fetch-timeout" };
const tooLarge = { name: "PictureTooLargeError", status: 413 };

/** Writes a piece whenever the last one is taken, for as long as anybody listens. */
function endless(first: Uint8Array): Handler {
  return (_, response) => {
    response.write(first);
    const piece = new Uint8Array(16 * 1024);
    const more = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on("drain", more);
    more();
  };
}

/** A byte now and then. */
const slowLoris: Handler = (_, response) => {
  response.writeHead(200, { "content-type": "image/jpeg" });
  let at = 0;
  const timer = setInterval(() => response.write(photo.subarray(at, ++at)), 20);
  response.on("close", () => clearInterval(timer));
};

const handlers: Record<string, Handler> = {
  "/photo.jpg": (_, response) => response.writeHead(200, { "content-type": "image/jpeg" }).end(photo),
  "/photo-as-text": (_, response) => response.writeHead(200, { "content-type": "text/plain" }).end(photo),
  "/page-as-jpeg": (_, response) =>
    response.writeHead(200, { "content-type": "image/jpeg" }).end("<!doctype html>"),
  "/headers": (request, response) => {
    expect(request.headers.accept).toContain("image/");
    expect(request.headers["accept-encoding"]).toBe("identity");
    expect(request.headers.cookie).toBeUndefined();
    response.end(photo);
  },
  "/empty": (_, response) => response.end(),
  "/error": (_, response) => response.writeHead(500).end(photo),
  "/compressed": (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(photo),
  "/announces-much": (_, response) => {
    response.writeHead(200, { "content-length": "99999999999" });
    response.write(photo);
  },
  "/breaks-off": (request, response) => {
    response.writeHead(200, { "content-length": String(photo.length) });
    response.write(photo.subarray(0, 300), () => request.socket.destroy());
  },
  "/endless": endless(photo),
  "/endless-text": endless(new TextEncoder().encode("<!doctype html>")),
  "/slow-loris": slowLoris,
  "/silent": () => {},
};

let server: PictureServer;

beforeAll(async () => {
  server = await PictureServer.start(handlers);
});
afterAll(() => server.stop());

/** Fetches a path of the server under a public name: all checks are on. */
function fetchPath(path: string, options: FetchPictureOptions = {}) {
  return fetchPicture(`http://pictures.example.com${path}`, { connect: server.connect, ...options });
}

describe("fetching", () => {
  it("a picture, whatever its content type says", async () => {
    for (const path of ["/photo.jpg", "/photo-as-text", "/headers"]) {
      const { bytes, url } = await fetchPath(path);
      expect(bytes).toEqual(photo);
      expect(url).toBe(`http://pictures.example.com${path}`);
    }
    await expect(decodePicture((await fetchPath("/photo.jpg")).bytes)).resolves.toMatchObject({ width: 42 });
  });

  it("from an address in a closed network, when that is allowed", async () => {
    const url = `http://127.0.0.1:${server.port}/photo.jpg`;
    await expect(fetchPicture(url)).rejects.toMatchObject(refused);
    await expect(fetchPicture(url, { allowPrivate: true })).resolves.toMatchObject({ bytes: photo });
  });

  it("refuses what does not start like a picture, and does not read on", async () => {
    const unsupported = { name: "UnsupportedPictureError", status: 415 };
    await expect(fetchPath("/page-as-jpeg")).rejects.toMatchObject(unsupported);
    await expect(fetchPath("/endless-text")).rejects.toMatchObject(unsupported);
    await expect(fetchPath("/empty")).rejects.toMatchObject(unsupported);
  });

  it("refuses answers other than 200", async () => {
    await expect(fetchPath("/missing")).rejects.toMatchObject(failed);
    await expect(fetchPath("/error")).rejects.toThrowError(/answered 500/);
  });

  it("refuses a compressed body, which was not asked for", async () => {
    await expect(fetchPath("/compressed")).rejects.toMatchObject(failed);
  });

  it("says so when nobody answers or the connection breaks", async () => {
    await expect(fetchPath("/breaks-off")).rejects.toMatchObject(failed);
    const closed = await PictureServer.start({});
    await closed.stop();
    const gone: FetchPictureOptions["connect"] = (_, request) =>
      closed.connect(new URL("http://x/"), request);
    await expect(fetchPath("/photo.jpg", { connect: gone })).rejects.toMatchObject(failed);
  });
});

describe("size", () => {
  it("counts bytes and stops an endless body", async () => {
    await expect(fetchPath("/endless", { maxBytes: 1_000_000 })).rejects.toMatchObject(tooLarge);
    await expect.poll(() => server.openConnections).toBe(0);
  });

  it("accepts a picture of exactly the limit", async () => {
    await expect(fetchPath("/photo.jpg", { maxBytes: photo.length })).resolves.toHaveProperty("bytes");
    await expect(fetchPath("/photo.jpg", { maxBytes: photo.length - 1 })).rejects.toMatchObject(tooLarge);
  });

  it("stops at once when the server itself announces too much", async () => {
    await expect(fetchPath("/announces-much")).rejects.toMatchObject(tooLarge);
  });
});

describe("deadline", () => {
  it("ends a server that sends a byte now and then", async () => {
    await expect(fetchPath("/slow-loris", { timeoutMs: 150 })).rejects.toMatchObject(timeout);
    await expect.poll(() => server.openConnections).toBe(0);
  });

  it("ends a server that never answers", async () => {
    await expect(fetchPath("/silent", { timeoutMs: 100 })).rejects.toMatchObject(timeout);
  });

  it("ends a name server that never answers", async () => {
    const resolve = () => new Promise<string[]>(() => {});
    const slow = fetchPicture("http://pictures.example.com/", { resolve, timeoutMs: 100 });
    await expect(slow).rejects.toMatchObject(timeout);
  });

  it("holds for all redirects together", async () => {
    const slowHop: Handler = (_, response) => setTimeout(() => redirect("/hop")(_, response), 80);
    const hops = await PictureServer.start({ "/hop": slowHop });
    const options = { connect: hops.connect, timeoutMs: 200, maxRedirects: 50 };
    await expect(fetchPath("/hop", options)).rejects.toMatchObject(timeout);
    await hops.stop();
  });

  it("stops when the caller does", async () => {
    const controller = new AbortController();
    const fetching = fetchPath("/silent", { signal: controller.signal });
    controller.abort();
    await expect(fetching).rejects.toMatchObject(timeout);
    await expect(fetchPath("/photo.jpg", { signal: AbortSignal.abort() })).rejects.toMatchObject(timeout);
  });
});

it("a picture in many pieces arrives whole", async () => {
  const file = concatenate(pictureFile("PNG, RGB"), new Uint8Array(50_000));
  const pieces: Handler = (_, response) => {
    let at = 0;
    const next = () => {
      if (at >= file.length) return void response.end();
      response.write(file.subarray(at, at + 777), next);
      at += 777;
    };
    next();
  };
  const slow = await PictureServer.start({ "/pieces": pieces });
  await expect(fetchPath("/pieces", { connect: slow.connect })).resolves.toMatchObject({ bytes: file });
  await slow.stop();
});
