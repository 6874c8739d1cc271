/** What batches of concurrent crops gain and cost in the model host, by window and size. */
import { embed, picture, startShipped } from "../../test/model-host/shipped.ts";
import type { ModelHost } from "../../test/model-host/start.ts";
import type { Row } from "../bench.ts";
import { median } from "../median.ts";
import type { Section } from "../report.ts";
import { closedLoop, type Load } from "./closed-loop.ts";

const CALLERS = [1, 4, 16];

/** What is tried on an engine. onnxruntime-web takes seven times as long: fewer settings, fewer crops. */
const TRIALS = {
  engine: { windowsMs: [0, 2, 5, 10, 20], sizes: [1, 4, 8, 16], cropsEach: 4 },
  "onnxruntime-web": { windowsMs: [0, 10], sizes: [1, 4, 16], cropsEach: 2 },
} as const;

interface Setting {
  readonly windowMs: number;
  readonly size: number;
}

/** Nobody waits for company in a batch of one. */
function settingsOf(engine: keyof typeof TRIALS): Setting[] {
  const { windowsMs, sizes } = TRIALS[engine];
  return sizes.flatMap((size) => (size === 1 ? [0] : windowsMs).map((windowMs) => ({ windowMs, size })));
}

const label = ({ windowMs, size }: Setting) => `batch ${size}, window ${windowMs} ms`;
const REFERENCE = label({ windowMs: 0, size: 1 });

const METRICS: Readonly<Record<string, (load: Load) => number>> = {
  "a crop": ({ msEach }) => msEach,
  p50: ({ p50 }) => p50,
  p99: ({ p99 }) => p99,
};

export function batching(engine: keyof typeof TRIALS): Section {
  const name = `batching on ${engine}`;
  const settings = settingsOf(engine);
  const { cropsEach } = TRIALS[engine];
  return {
    name,
    async run(rounds) {
      const hosts: { readonly setting: Setting; readonly host: ModelHost }[] = [];
      /** Loads by setting and number of callers. */
      const loads = new Map<string, Load[]>();
      try {
        for (const setting of settings) {
          const host = await startShipped({
            ENGINE: engine === "engine" ? "" : "ort",
            BATCH_WINDOW_MS: String(setting.windowMs),
            MAX_BATCH: String(setting.size),
          });
          hosts.push({ setting, host });
          // Until V8 has optimised the kernels.
          await load(host, 16, 32);
        }
        for (let round = 0; round < rounds; round++) {
          for (const { setting, host } of round % 2 === 0 ? hosts : hosts.toReversed()) {
            for (const callers of CALLERS) {
              const key = `${label(setting)}/${callers}`;
              const figures = await load(host, callers, Math.max(8, callers * cropsEach));
              loads.set(key, [...(loads.get(key) ?? []), figures]);
            }
          }
        }
      } finally {
        await Promise.all(hosts.map(({ host }) => host.stop()));
      }
      return CALLERS.flatMap((callers) =>
        Object.entries(METRICS).flatMap(([metric, of]) => {
          const figure = (setting: string) => median(loads.get(`${setting}/${callers}`)!.map(of));
          return settings.map(label).map((subject): Row => {
            const row = { case: `${name}: ${callers} at once, ${metric}`, subject, unit: "ms" };
            const own = figure(subject);
            if (subject === REFERENCE) return { ...row, median: own, against: null, ratio: null };
            return { ...row, median: own, against: REFERENCE, ratio: own / figure(REFERENCE) };
          });
        }),
      );
    },
  };
}

const PICTURES = Array.from({ length: 16 }, (_, seed) => picture(seed));

function load(host: ModelHost, callers: number, crops: number): Promise<Load> {
  return closedLoop(callers, crops, (index) => embed(host, PICTURES[index % PICTURES.length]));
}
