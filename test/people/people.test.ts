/** Who people are: what may name them, and who hears of it. */
import { expect, it } from "vitest";
import { UserId } from "../../src/people/event.ts";
import { MAX_USER_LENGTH } from "../../src/people/limits.ts";
import { People, type PersonStub } from "../../src/people/people.ts";

it.each(["u-1", "a.b", "...", ".a", "x".repeat(MAX_USER_LENGTH)])("%s names somebody", (name) => {
  expect(UserId.safeParse(name).success).toBe(true);
  const { pathname } = new URL(`/v1/users/${encodeURIComponent(name)}`, "http://127.0.0.1");
  expect(decodeURIComponent(pathname)).toBe(`/v1/users/${name}`);
});

it.each(["", ".", "..", "a b", "a/b", "a\n", "x".repeat(MAX_USER_LENGTH + 1)])("%j names nobody", (name) => {
  expect(UserId.safeParse(name).success).toBe(false);
});

it("errors, which are logged, do not say of whom they speak", async () => {
  const user = "u-7f3a";
  const peopleWith = (person: Partial<PersonStub>) =>
    new People({ idFromName: (name: string) => name, get: () => person } as never);
  const gone = peopleWith({ recent: () => Promise.reject(new Error("reset")) });
  const full = peopleWith({ serve: async () => ({ ok: false, waiting: 9 }) });
  for (const call of [gone.recent(user), full.serve(user, [])]) {
    const error = await call.then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ status: 503 });
    expect(`${error}`).not.toContain(user);
  }
});
