import { describe, expect, it } from "vitest";
import { permits } from "../../src/http/auth/caller.ts";
import { scopeOf } from "../../src/http/auth/scope.ts";
import { Event } from "../../src/people/event.ts";
import {
  MAX_AHEAD_MS,
  MAX_EVENT_ID_LENGTH,
  MAX_SURFACE_LENGTH,
  MAX_USER_LENGTH,
} from "../../src/people/limits.ts";

const good = { id: "e-1", user: "u-1", item: "chair", action: "save", at: "2026-11-25T10:12:00Z" };
const at = (ahead: number) => new Date(Date.now() + ahead).toISOString();

describe("an event", () => {
  it("is taken with and without what may be left out", () => {
    expect(Event.parse(good)).toEqual(good);
    const more = { ...good, at: "2026-11-25T11:12:00+01:00", surface: "feed", slate: "s-1" };
    expect(Event.parse(more)).toEqual(more);
    expect(Event.safeParse({ ...good, at: at(MAX_AHEAD_MS - 1_000) }).success).toBe(true);
  });

  it.each([
    ["no id", { id: "" }],
    ["an id that is too long", { id: "x".repeat(MAX_EVENT_ID_LENGTH + 1) }],
    ["a user that is no name", { user: "a/b" }],
    ["a user that is too long", { user: "x".repeat(MAX_USER_LENGTH + 1) }],
    ["an item that can be none", { item: "../x" }],
    ["an action that nobody knows", { action: "like" }],
    ["no time", { at: "yesterday" }],
    ["a time to come", { at: at(MAX_AHEAD_MS + 60_000) }],
    ["a surface that is too long", { surface: "x".repeat(MAX_SURFACE_LENGTH + 1) }],
    ["something else beside", { price: 1 }],
  ])("with %s is refused", (_, change) => {
    expect(Event.safeParse({ ...good, ...change }).success).toBe(false);
  });
});

describe("what is known of somebody", () => {
  const path = "/v1/users/u-1/interests";

  it("is nobody's without a key that reads, however public the rest is", () => {
    expect(scopeOf("GET", path)).toBe("person");
    expect(permits({ kind: "anonymous" }, "person", true)).toBe(false);
    const key = (scopes: ("read" | "write")[]) => ({ kind: "key", id: "k", scopes }) as const;
    expect(permits(key(["write"]), "person", true)).toBe(false);
    expect(permits(key(["read"]), "person", false)).toBe(true);
    expect(permits({ kind: "local" }, "person", false)).toBe(true);
  });

  it("is forgotten by who may write", () => {
    expect(scopeOf("DELETE", "/v1/users/u-1")).toBe("write");
    expect(scopeOf("POST", "/v1/events")).toBe("write");
  });
});
