/** The edge functions; the first is the one that the public calls. */

export interface EdgeFunction {
  /** As in its configuration. */
  readonly name: string;
  readonly config: string;
}

export const FUNCTIONS: readonly EdgeFunction[] = [
  { name: "corkboard", config: "wrangler.toml" },
  { name: "corkboard-model-host", config: "functions/model-host/wrangler.toml" },
];
