/** `GET /v1/users/{id}/interests` and `DELETE /v1/users/{id}`. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { interestsOfPerson } from "../../../people/interests.ts";
import { coverItem } from "../../catalog/cover.ts";
import { itemDocument } from "../../catalog/item-document.ts";
import type { AppEnv } from "../../context.ts";
import { Forgotten, InterestQuery, Interests, UserParams } from "../../schemas/people.ts";
import { problems } from "../../schemas/problems.ts";
import { KEY, WRITE } from "../../schemas/security.ts";
import type { PeopleRouteOptions } from "./index.ts";

const interestsRoute = createRoute({
  method: "get",
  path: "/v1/users/{id}/interests",
  operationId: "getInterests",
  tags: ["People"],
  security: KEY,
  summary: "What somebody is interested in",
  description:
    "Their latest actions in clusters by what the items look like (PinnerSage), each shown by the item in its middle. " +
    "Always takes a key, also where reading is public.",
  request: { params: UserParams, query: InterestQuery },
  responses: {
    200: {
      description: "The most important first; none for people of whom nothing is known.",
      content: { "application/json": { schema: Interests } },
    },
    ...problems(400, 401, 403, 429, 503),
  },
});

const forgetRoute = createRoute({
  method: "delete",
  path: "/v1/users/{id}",
  operationId: "forgetUser",
  tags: ["People"],
  security: WRITE,
  summary: "Forget somebody",
  description:
    "Removes their actions, what they were shown and hid, remembered ids, and events that are not in the log yet. Log files " +
    "keep the events that they have: the answer names them, also when it is asked for again.",
  request: { params: UserParams },
  responses: {
    200: {
      description: "What was removed, and where events still are.",
      content: { "application/json": { schema: Forgotten } },
    },
    ...problems(400, 401, 403, 429, 503),
  },
});

export function users(app: OpenAPIHono<AppEnv>, { people, catalog }: PeopleRouteOptions): void {
  app.openapi(interestsRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { limit } = c.req.valid("query");
    const interests = await interestsOfPerson(id, { people, catalog }, limit);
    c.header("cache-control", "no-store");
    return c.json(
      {
        interests: interests.map(({ item, cover, ...one }) => ({
          ...one,
          items: [...one.items],
          item: itemDocument(item),
          cover: cover.map(coverItem),
        })),
      },
      200,
    );
  });
  app.openapi(forgetRoute, async (c) => {
    const { erased, logs, unlistedUntil } = await people.forget(c.req.valid("param").id);
    c.header("cache-control", "no-store");
    return c.json({ erased, logs: [...logs], ...(unlistedUntil !== undefined && { unlistedUntil }) }, 200);
  });
}
