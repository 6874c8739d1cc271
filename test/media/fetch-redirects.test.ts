import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FetchPictureOptions, fetchPicture } from "../../src/media/fetch-picture.ts";
import { pictureFile } from "./fixtures.ts";
import { type Handler, PictureServer, redirect } from "./picture-server.ts";

const photo = pictureFile("JPEG, baseline");

const invalidUrl = { name: "InvalidPictureUrlError", status: 400, code: "invalid-picture-url" };
const refused = { name: "AddressRefusedError", status: 400, code: "address-refused" };
const failed = { name: "PictureFetchError", status: 424, code: "picture-fetch-failed" };

const handlers: Record<string, Handler> = {
  "/photo.jpg": (_, response) => response.writeHead(200, { "content-type": "image/jpeg" }).end(photo),
  "/moved-once": redirect("/photo.jpg", 301),
  "/moved-1": redirect("/moved-2", 303),
  "/moved-2": redirect("http://other.example.com/moved-3", 307),
  "/moved-3": redirect("//third.example.org/photo.jpg", 308),
  "/moved-0": redirect("/moved-1"),
  "/loop": redirect("/loop"),
  "/nowhere": (_, response) => response.writeHead(302).end(),
};

const evilTargets = {
  "127.0.0.1": "http://127.0.0.1/photo.jpg",
  "[::1]": "http://[::1]/photo.jpg",
  "[::ffff:127.0.0.1]": "http://[::ffff:127.0.0.1]/photo.jpg",
  "0x7f.1": "http://0x7f.1/photo.jpg",
  "2130706433": "http://2130706433/photo.jpg",
  "017700000001": "http://017700000001/photo.jpg",
  "cloud metadata": "http://169.254.169.254/latest/meta-data/",
  localhost: "http://localhost/photo.jpg",
  "an unusual port": "http://example.com:6379/",
  "another host behind a user name": "http://example.com@127.0.0.1/photo.jpg",
  "a user name": "http://user@example.com/photo.jpg",
  "a password": "https://user:secret@example.com/photo.jpg",
  "file:": "file:///etc/passwd",
  "data:": "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
  "ftp:": "ftp://example.com/photo.jpg",
  "javascript:": "javascript:alert(1)",
};
for (const [name, target] of Object.entries(evilTargets))
  handlers[`/to/${encodeURIComponent(name)}`] = redirect(target);

let server: PictureServer;

beforeAll(async () => {
  server = await PictureServer.start(handlers);
});
beforeEach(() => void server.requests.splice(0));
afterAll(() => server.stop());

/** Fetches a path of the server under a public name: all checks are on. */
function fetchPath(path: string, options: FetchPictureOptions = {}) {
  return fetchPicture(`http://pictures.example.com${path}`, { connect: server.connect, ...options });
}

describe("redirects", () => {
  it("are followed, relative and absolute, three at most", async () => {
    await expect(fetchPath("/moved-once")).resolves.toMatchObject({ bytes: photo });
    await expect(fetchPath("/moved-1")).resolves.toMatchObject({ url: "http://third.example.org/photo.jpg" });
    await expect(fetchPath("/moved-0")).rejects.toThrowError(/More than 3 redirects/);
    await expect(fetchPath("/moved-once", { maxRedirects: 0 })).rejects.toMatchObject(failed);
  });

  it("that go round in a circle end", async () => {
    await expect(fetchPath("/loop")).rejects.toMatchObject(failed);
    expect(server.requests).toEqual(["/loop", "/loop", "/loop", "/loop"]);
  });

  it("without a target are refused", async () => {
    await expect(fetchPath("/nowhere")).rejects.toMatchObject(invalidUrl);
  });

  it.each(Object.keys(evilTargets))("to %s are refused before anything is sent there", async (name) => {
    const path = `/to/${encodeURIComponent(name)}`;
    await expect(fetchPath(path)).rejects.toMatchObject({ status: 400 });
    expect(server.requests).toEqual([path]);
  });
});

describe("addresses", () => {
  it.each(Object.entries(evilTargets))("%s is refused at once", async (_, url) => {
    await expect(fetchPicture(url, { connect: server.connect })).rejects.toMatchObject({ status: 400 });
    expect(server.requests).toEqual([]);
  });

  it("that are no URL are refused", async () => {
    for (const url of ["", "photo.jpg", "http://", "http://[::1", `http://example.com/${"x".repeat(5000)}`]) {
      await expect(fetchPicture(url)).rejects.toMatchObject(invalidUrl);
    }
  });

  it("outside the list of allowed hosts are refused, also after a redirect", async () => {
    const allowHosts = ["pictures.example.com", "*.example.com"];
    await expect(fetchPath("/photo.jpg", { allowHosts })).resolves.toHaveProperty("bytes");
    await expect(fetchPath("/photo.jpg", { allowHosts: ["example.org"] })).rejects.toMatchObject(refused);
    await expect(fetchPath("/moved-1", { allowHosts })).rejects.toMatchObject(refused);
    await expect(fetchPath("/photo.jpg", { allowHosts: [] })).rejects.toMatchObject(refused);
  });

  it("on other ports are allowed by option only", async () => {
    const url = "https://pictures.example.com:8443/photo.jpg";
    await expect(fetchPicture(url, { connect: server.connect })).rejects.toMatchObject(refused);
    const options = { connect: server.connect, ports: [8443] };
    await expect(fetchPicture(url, options)).resolves.toHaveProperty("bytes");
  });
});

describe("names", () => {
  const named = `http://pictures.example.com/photo.jpg`;

  it.each([
    ["a private address", ["10.0.0.1"]],
    ["loopback", ["127.0.0.1"]],
    ["a mapped address", ["::ffff:127.0.0.1"]],
    ["a public and a private address", ["93.184.216.34", "192.168.0.1"]],
    ["something that is no address", ["example.com"]],
  ])("that resolve to %s are refused", async (_, addresses) => {
    await expect(fetchPicture(named, { resolve: async () => addresses })).rejects.toMatchObject(refused);
  });

  it("that resolve to nothing, or not at all, cannot be reached", async () => {
    await expect(fetchPicture(named, { resolve: async () => [] })).rejects.toMatchObject(failed);
    const broken = () => Promise.reject(new Error("SERVFAIL"));
    await expect(fetchPicture(named, { resolve: broken })).rejects.toMatchObject(failed);
  });

  it("are connected to at the very addresses that were checked, asked for once", async () => {
    let asked = 0;
    const resolve = async () => {
      asked++;
      return ["127.0.0.1"];
    };
    const url = `http://pictures.example.com:${server.port}/photo.jpg`;
    await expect(fetchPicture(url, { resolve, allowPrivate: true })).resolves.toMatchObject({ bytes: photo });
    expect(asked).toBe(1);
  });
});
