/** The routes of a model host, over whatever server its environment makes. */
import { type IRequest, Router } from "itty-router";
import type { Call, InferenceServer } from "../../src/inference/server.ts";

interface Context {
  waitUntil(work: Promise<unknown>): void;
}

type Arguments = [server: InferenceServer, call: Call];

const router = Router<IRequest, Arguments, Response>();

router
  .get("/v2/health/live", (_, host) => host.live())
  .get("/v2/health/ready", (_, host, call) => host.ready(call))
  .get("/v2", (_, host) => host.metadata())
  .get("/v2/models/:model", ({ params }, host, call) => host.modelMetadata(call, params.model!))
  .get("/v2/models/:model/ready", ({ params }, host, call) => host.modelReady(call, params.model!))
  .post("/v2/models/:model/infer", ({ params }, host, call) => host.infer(call, params.model!))
  .get("/v2/models/:model/versions/:version", ({ params }, host, call) =>
    host.modelMetadata(call, params.model!, params.version),
  )
  .get("/v2/models/:model/versions/:version/ready", ({ params }, host, call) =>
    host.modelReady(call, params.model!, params.version),
  )
  .post("/v2/models/:model/versions/:version/infer", ({ params }, host, call) =>
    host.infer(call, params.model!, params.version),
  )
  .all("*", () => Response.json({ error: "No such route." }, { status: 404 }));

/** A Worker with one server an isolate: it holds the models. */
export function modelHost<Env>(serverOf: (env: Env) => InferenceServer) {
  let server: InferenceServer | undefined;
  return {
    fetch(request: Request, env: Env, context: Context): Promise<Response> {
      server ??= serverOf(env);
      const waitUntil = (work: Promise<unknown>) => context.waitUntil(work);
      return router.fetch(request, server, { request, waitUntil });
    },
  };
}
