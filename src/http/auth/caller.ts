/** Who asks, and what they may do. */
import type { KeyScope } from "./api-key.ts";
import type { Scope } from "./scope.ts";

export type Caller =
  /** Holds the deployment's admin token. */
  | { readonly kind: "admin" }
  | { readonly kind: "key"; readonly id: string; readonly scopes: readonly KeyScope[] }
  /** Develops on this machine. */
  | { readonly kind: "local" }
  | { readonly kind: "anonymous" };

/** Whether a caller may do what takes `scope`. */
export function permits(caller: Caller, scope: Scope, publicRead: boolean): boolean {
  switch (caller.kind) {
    case "admin":
      return true;
    case "local":
      return scope !== "admin";
    case "key":
      if (scope === "person") return caller.scopes.includes("read");
      return scope !== "admin" && (caller.scopes.includes(scope) || (scope === "read" && publicRead));
    case "anonymous":
      return scope === "read" && publicRead;
  }
}
