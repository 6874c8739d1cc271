import { describe, expect, it } from "vitest";
import { isDataUrl, parseDataUrl } from "../../src/media/data-url.ts";
import { sha256Hex } from "../../src/media/sha256.ts";
import { pictureFile } from "./fixtures.ts";

const invalid = { name: "InvalidDataUrlError", status: 400, code: "invalid-data-url" };

const encoded = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

describe("parseDataUrl", () => {
  it("decodes every length of padding", () => {
    for (let length = 1; length < 20; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => index * 53 + length);
      expect(parseDataUrl(`data:image/png;base64,${encoded(bytes)}`)).toEqual({
        mediaType: "image/png",
        bytes,
      });
    }
  });

  it("decodes a picture", () => {
    const file = pictureFile("JPEG, baseline");
    expect(parseDataUrl(`data:image/jpeg;base64,${encoded(file)}`).bytes).toEqual(file);
  });

  it.each([
    ["DATA:IMAGE/JPEG;BASE64,AAAA", "image/jpeg"],
    ["data:;base64,AAAA", "text/plain"],
    ["data:image/svg+xml;charset=utf-8;base64,AAAA", "image/svg+xml"],
  ])("reads the media type of %s", (url, mediaType) => {
    expect(parseDataUrl(url).mediaType).toBe(mediaType);
  });

  it.each([
    ["another scheme", "http://example.com/a.png"],
    ["no encoding", "data:image/png,AAAA"],
    ["no comma", "data:image/png;base64"],
    ["no data", "data:image/png;base64,"],
    ["missing padding", "data:image/png;base64,AAA"],
    ["padding in the middle", "data:image/png;base64,AA==AAAA"],
    ["three padding signs", "data:image/png;base64,A==="],
    ["a space", "data:image/png;base64,AAA AAAA"],
    ["a line break", "data:image/png;base64,AAAA\nAAA"],
    ["URL-safe digits", "data:image/png;base64,AA-_"],
    ["a letter beyond ASCII", "data:image/png;base64,AAAÄ"],
    ["a letter beyond Latin-1", "data:image/png;base64,AAA\u0141"],
    ["bits left over", "data:image/png;base64,AB=="],
    ["an endless prefix", `data:image/${"x".repeat(300)};base64,AAAA`],
  ])("refuses %s", (_, url) => {
    expect(() => parseDataUrl(url)).toThrowError(expect.objectContaining(invalid));
  });

  it("checks the size before it decodes", () => {
    const url = `data:image/png;base64,${"!".repeat(4000)}`;
    expect(() => parseDataUrl(url, { maxBytes: 2999 })).toThrowError(
      expect.objectContaining({ status: 413, code: "picture-too-large" }),
    );
    expect(() => parseDataUrl(url, { maxBytes: 3000 })).toThrowError(expect.objectContaining(invalid));
  });

  it("tells data URLs from others", () => {
    expect(isDataUrl("Data:image/png;base64,")).toBe(true);
    expect(isDataUrl("https://example.com/data:")).toBe(false);
  });
});

it("sha256Hex hashes the bytes of a view, not of its buffer", async () => {
  const bytes = new TextEncoder().encode("xabcx").subarray(1, 4);
  expect(await sha256Hex(bytes)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
