/** The page's side of encoding on this device: one worker, so that the page never stutters. */
import type { Model } from "../model.ts";
import { PageProblem } from "../problem.ts";
import type { Report } from "./encoding.ts";
import type { DeviceEngine, DeviceReply, DeviceRequest } from "./messages.ts";

type Done = Extract<DeviceReply, { kind: "done" }>;

interface Pending {
  readonly report: Report;
  readonly resolve: (done: Done) => void;
  readonly reject: (problem: PageProblem) => void;
}

/** Encodes on this device in a worker, which starts with the first picture and keeps its models loaded. */
export class Device {
  readonly #script: string;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #nextId = 0;

  /** @param script address of the page's own script, which is the worker's too */
  constructor(script: string) {
    this.#script = script;
  }

  /** @throws {PageProblem} when this device lacks the engine, cannot decode the picture or fails. */
  encode(engine: DeviceEngine, model: Model, picture: Blob, report: Report): Promise<Done> {
    this.#worker ??= this.#start();
    const id = this.#nextId++;
    const request: DeviceRequest = { id, engine, model, picture };
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { report, resolve, reject });
      this.#worker?.postMessage(request);
    });
  }

  #start(): Worker {
    const worker = new Worker(this.#script, { type: "module", name: "encoder" });
    worker.addEventListener("message", (event: MessageEvent<DeviceReply>) => this.#receive(event.data));
    worker.addEventListener("error", (event) => this.#fail(event.message || "the worker did not start"));
    return worker;
  }

  #receive(reply: DeviceReply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return;
    if (reply.kind === "activity") {
      pending.report(reply.activity);
      return;
    }
    this.#pending.delete(reply.id);
    if (reply.kind === "done") pending.resolve(reply);
    else pending.reject(new PageProblem(reply.problem));
  }

  /** The worker is gone: whoever waits for it hears so, and the next picture starts another. */
  #fail(reason: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    const problem = new PageProblem({ code: "worker-failed", title: "This device failed", detail: reason });
    for (const pending of this.#pending.values()) pending.reject(problem);
    this.#pending.clear();
  }
}
