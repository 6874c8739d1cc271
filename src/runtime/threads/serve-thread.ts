/** A thread's side: loads and runs what it is told to, one thing after the other. */
import type { MessagePort } from "node:worker_threads";
import type { Runtime, Session } from "../session.ts";
import { failureOf, given, type Order, type Report, type Results } from "./messages.ts";

/** Answers the orders that arrive at `port`, each in its turn: all sessions of a thread share its device. */
export function serveThread(port: MessagePort, runtime: Runtime): void {
  const sessions = new Map<number, Session>();
  let idle: Promise<unknown> = Promise.resolve();
  port.on("message", (message: Order & { readonly id: number }) => {
    idle = idle.then(() => answer(message));
  });

  async function answer({ id, ...order }: Order & { readonly id: number }): Promise<void> {
    try {
      const { result, buffers } = await follow(order);
      port.postMessage({ id, result } satisfies Report, buffers);
    } catch (error) {
      port.postMessage({ id, failure: failureOf(error) } satisfies Report);
    }
  }

  async function follow(
    order: Order,
  ): Promise<{ readonly result: Results[Order["kind"]]; readonly buffers: ArrayBuffer[] }> {
    if (order.kind === "load") {
      // Engines take no shared memory.
      const session = await runtime.load(Uint8Array.from(order.bytes), order.options);
      sessions.set(order.session, session);
      const { engine, provider, inputs, outputs } = session;
      return { result: { engine, provider, inputs, outputs, memory: session.memory() }, buffers: [] };
    }
    const session = sessions.get(order.session);
    if (!session) throw new Error("the session is not loaded");
    if (order.kind === "dispose") {
      sessions.delete(order.session);
      await session.dispose();
      return { result: undefined, buffers: [] };
    }
    const { tensors, buffers } = given(await session.run(order.inputs, order.outputs));
    return { result: { outputs: tensors, memory: session.memory() }, buffers };
  }
}
