/** `GET /v1/pictures/{sha256}`: a picture as it was sent; `GET /v1/items/{id}/picture` leads there. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { pictureKey } from "../../../catalog/picture-store.ts";
import { Problem } from "../../../problem.ts";
import { picturePath } from "../../catalog/item-document.ts";
import type { AppEnv } from "../../context.ts";
import { ItemParams } from "../../schemas/items.ts";
import { problems } from "../../schemas/problems.ts";
import { READ } from "../../schemas/security.ts";
import { SHA256 } from "../../sha256.ts";
import type { CatalogRouteOptions } from "./index.ts";

/** What is used of an R2 bucket. */
export interface PictureSource {
  get(key: string): Promise<{
    readonly body: ReadableStream<Uint8Array>;
    readonly size: number;
    readonly httpMetadata?: { readonly contentType?: string };
  } | null>;
}

/** The bytes are not here: never sent, or not fetched from their address yet. */
export class PictureNotFoundError extends Problem {
  constructor(detail: string) {
    super({
      status: 404,
      code: "picture-not-found",
      title: "The picture is not here",
      detail,
      hint: "Pictures come with items; one that has an address is here once it was fetched.",
    });
  }
}

/**
 * Kinds that browsers draw and never run. Anything else is answered as mere bytes; `nosniff` and the policy that
 * allows nothing, which all answers have, see to the rest.
 */
const SAFE_TYPES: ReadonlySet<string> = new Set([
  "image/jpeg",
  "image/png",
  "image/webp",
  "image/avif",
  "image/gif",
]);

const FOREVER = "max-age=31536000, immutable";

const pictureRoute = createRoute({
  method: "get",
  path: "/v1/pictures/{sha256}",
  operationId: "getPicture",
  tags: ["Items"],
  security: READ,
  summary: "A picture, by the SHA-256 of its bytes",
  request: {
    params: z.object({
      sha256: z
        .string()
        .regex(SHA256, "must be 64 lower-case hexadecimal digits")
        .openapi({ param: { name: "sha256", in: "path" } }),
    }),
  },
  responses: {
    200: {
      description: "The bytes as they were sent. They never change.",
      content: { "image/*": { schema: z.string().openapi({ format: "binary" }) } },
    },
    304: { description: "The client has it already." },
    ...problems(400, 401, 404),
  },
});

const itemPictureRoute = createRoute({
  method: "get",
  path: "/v1/items/{id}/picture",
  operationId: "getItemPicture",
  tags: ["Items"],
  security: READ,
  summary: "The picture of an item",
  request: { params: ItemParams },
  responses: { 302: { description: "Leads to the picture's own address." }, ...problems(400, 401, 404, 503) },
});

export function readPicture(
  app: OpenAPIHono<AppEnv>,
  { catalog, pictures, publicRead }: Pick<CatalogRouteOptions, "catalog" | "pictures" | "publicRead">,
): void {
  app.openapi(pictureRoute, async (c) => {
    const { sha256 } = c.req.valid("param");
    const etag = `"${sha256}"`;
    c.header("etag", etag);
    c.header("cache-control", `${publicRead ? "public" : "private"}, ${FOREVER}`);
    if (c.req.header("if-none-match")?.includes(etag)) return c.body(null, 304);
    const object = await pictures.get(pictureKey(sha256));
    if (!object) throw new PictureNotFoundError(`There is no picture ${sha256}.`);
    const type = object.httpMetadata?.contentType ?? "";
    c.header("content-type", SAFE_TYPES.has(type) ? type : "application/octet-stream");
    c.header("content-length", String(object.size));
    return c.body(object.body, 200);
  });
  app.openapi(itemPictureRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { sha256 } = (await catalog.get(id)).image;
    if (sha256 === undefined) throw new PictureNotFoundError(`The picture of ${id} was not fetched yet.`);
    c.header("cache-control", "no-cache");
    return c.redirect(picturePath(sha256), 302);
  });
}
