import { afterEach, describe, expect, it, vi } from "vitest";
import { fetchPicture } from "../../src/media/fetch-picture.ts";
import { pictureFile } from "./fixtures.ts";

const refused = { name: "AddressRefusedError", status: 400 };
const photo = pictureFile("WebP, lossy") as Uint8Array<ArrayBuffer>;

/** Answers every request of the Worker. */
function answerWith(answer: (url: URL, init: RequestInit) => Response | Promise<Response>) {
  const stub = vi.fn((url: URL, init: RequestInit) => Promise.resolve(answer(url, init)));
  vi.stubGlobal("fetch", stub);
  return stub;
}

afterEach(() => vi.unstubAllGlobals());

describe("fetchPicture in a Worker", () => {
  it("fetches a picture and follows redirects by hand", async () => {
    const stub = answerWith((url, init) => {
      expect(init.redirect).toBe("manual");
      return url.pathname === "/photo" ? new Response(photo) : Response.redirect("https://example.org/photo");
    });
    const fetched = await fetchPicture("https://example.com/moved");
    expect(fetched).toEqual({ bytes: photo, url: "https://example.org/photo" });
    expect(stub).toHaveBeenCalledTimes(2);
  });

  it.each(
    ["http://127.0.0.1/", "http://0x7f.1/", "http://2130706433/", "http://017700000001/"].concat([
      "http://[::1]/",
      "http://[::ffff:127.0.0.1]/",
      "http://localhost/",
      "http://169.254.169.254/",
    ]),
  )("sends nothing to %s, at once or after a redirect", async (target) => {
    const stub = answerWith(() => new Response(null, { status: 302, headers: { location: target } }));
    await expect(fetchPicture(target)).rejects.toMatchObject(refused);
    expect(stub).not.toHaveBeenCalled();
    await expect(fetchPicture("https://example.com/")).rejects.toMatchObject(refused);
    expect(stub).toHaveBeenCalledTimes(1);
  });

  it("checks what a name resolves to when it is given a resolver", async () => {
    const stub = answerWith(() => new Response(photo));
    const url = "https://example.com/photo";
    await expect(fetchPicture(url, { resolve: async () => ["10.0.0.1"] })).rejects.toMatchObject(refused);
    expect(stub).not.toHaveBeenCalled();
    await expect(fetchPicture(url, { resolve: async () => ["93.184.216.34"] })).resolves.toHaveProperty(
      "bytes",
    );
  });

  it("stops an endless body at the limit", async () => {
    let cancelled = false;
    answerWith(() => {
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(photo),
        pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
        cancel: () => {
          cancelled = true;
        },
      });
      return new Response(body);
    });
    const fetching = fetchPicture("https://example.com/", { maxBytes: 1_000_000 });
    await expect(fetching).rejects.toMatchObject({ status: 413 });
    expect(cancelled).toBe(true);
  });

  it("gives up on a server that never answers", async () => {
    answerWith(() => new Promise<Response>(() => {}));
    const fetching = fetchPicture("https://example.com/", { timeoutMs: 50 });
    await expect(fetching).rejects.toMatchObject({ name: "PictureFetchTimeoutError", status: 504 });
  });
});
