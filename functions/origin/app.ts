/** The routes of an origin: who may ask, how much they may send, and what is counted. */
import type { HttpBindings } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { HTTPException } from "hono/http-exception";
import { routePath } from "hono/route";
import type { CascadeServer } from "../../src/feed/cascade-server.ts";
import { isFromThisMachine, isLoopbackAddress } from "../../src/http/auth/loopback.ts";
import { errorResponse } from "../../src/inference/error-response.ts";
import { BodyTooLargeError, UnauthenticatedError } from "../../src/inference/errors.ts";
import type { Call, InferenceServer } from "../../src/inference/server.ts";
import type { BodyCheck, SignatureCheck } from "../../src/inference/signature.ts";
import type { BodyBudget } from "./body-budget.ts";
import type { OriginMetrics } from "./metrics.ts";

export interface OriginAppOptions {
  readonly inference: InferenceServer;
  /** Retrieval and ranking of feeds, beside the models of single inferences. */
  readonly cascade?: CascadeServer | undefined;
  readonly metrics: OriginMetrics;
  /** Memory for the bodies of all requests in work. */
  readonly bodies: BodyBudget;
  /** Longest body in bytes. */
  readonly maxBodyBytes: number;
  /** Absent: nobody signs, and only this machine may ask. */
  readonly signatures?: SignatureCheck | undefined;
  /** Absent: only this machine may read the metrics. */
  readonly metricsToken?: string | undefined;
}

type Env = { Bindings: HttpBindings; Variables: { checkBody?: BodyCheck } };

const TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";
const NO_BODY = new Uint8Array(0);

/** Health is for whoever balances load; the rest takes a signature. */
export function originApp(options: OriginAppOptions): Hono<Env> {
  const { inference, cascade, metrics, metricsToken } = options;
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    await next();
    metrics.request(routePath(c, -1), c.res.status);
  });
  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse();
    const response = errorResponse(error);
    if (response.status === 401) response.headers.set("www-authenticate", "Corkboard-HMAC-SHA256");
    return response;
  });
  app.notFound((c) => c.json({ error: "No such route." }, 404));

  app.get("/v2/health/live", () => inference.live());
  app.get("/v2/health/ready", (c) => ready(options, callOf(c)));
  app.get("/metrics", metricsToken ? bearerAuth({ token: metricsToken }) : fromThisMachine, (c) =>
    c.text(metrics.text(), 200, { "content-type": TEXT_FORMAT, "cache-control": "no-store" }),
  );
  for (const path of ["/v2", "/v2/models/*"]) app.use(path, signed(options.signatures));
  app.get("/v2", () => inference.metadata());
  for (const model of ["/v2/models/:model", "/v2/models/:model/versions/:version"]) {
    const named = (c: Context<Env>) => [c.req.param("model")!, c.req.param("version")] as const;
    const server = (c: Context<Env>) => (cascade?.serves(c.req.param("model")!) ? cascade : inference);
    app.get(model, (c) => server(c).modelMetadata(callOf(c), ...named(c)));
    app.get(`${model}/ready`, (c) => server(c).modelReady(callOf(c), ...named(c)));
    app.post(`${model}/infer`, withRoom(options), (c) => server(c).infer(callOf(c), ...named(c)));
  }
  return app;
}

function callOf(c: Context<Env>): Call {
  const checkBody = c.get("checkBody");
  return { request: c.req.raw, ...(checkBody && { checkBody }) };
}

/**
 * A cascade counts where nothing else is served. Beside other models it does not: its items come from a catalogue that
 * may need these models to have any.
 */
async function ready({ inference, cascade }: OriginAppOptions, call: Call): Promise<Response> {
  if (!cascade || (await inference.hasModels())) return inference.ready(call);
  const answer = await cascade.modelReady(call, cascade.name);
  return answer.ok ? Response.json({ live: true, ready: true }) : answer;
}

/** Looks at the signature before the body is read; without a secret, lets in whoever is on this machine. */
function signed(signatures: SignatureCheck | undefined): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (signatures) {
      const checkBody = await signatures.check(c.req.raw);
      if (c.req.method === "POST") c.set("checkBody", checkBody);
      else await checkBody(NO_BODY);
    } else if (!isFromThisMachine(c.req.raw.headers)) {
      throw new UnauthenticatedError("This origin has no secret and answers its own machine only.");
    }
    await next();
  };
}

const fromThisMachine: MiddlewareHandler<Env> = async (c, next) => {
  const address = getConnInfo(c).remote.address?.replace(/^::ffff:/, "") ?? "";
  if (!isLoopbackAddress(address) || !isFromThisMachine(c.req.raw.headers)) {
    throw new UnauthenticatedError("Without ORIGIN_METRICS_TOKEN, metrics are for this machine only.");
  }
  await next();
};

/** Refuses a body that is too long, or for which there is no room, before it is read. */
function withRoom({ bodies, maxBodyBytes }: OriginAppOptions): MiddlewareHandler<Env> {
  return async (c, next) => {
    // A body that does not say how long it is may be as long as it likes.
    const bytes = Number(c.req.header("content-length") ?? maxBodyBytes);
    if (!(bytes <= maxBodyBytes)) throw new BodyTooLargeError(maxBodyBytes);
    const giveBack = bodies.take(bytes);
    try {
      await next();
    } finally {
      giveBack();
    }
  };
}
