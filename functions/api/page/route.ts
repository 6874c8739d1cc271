/** Where in the page a visitor is: `#/search?like=chair-7`. Back, forward and links work as between pages. */

const VIEWS = ["search", "feed", "look", "boards", "catalog", "compare"] as const;
export type ViewName = (typeof VIEWS)[number];

export interface Route {
  readonly view: ViewName;
  readonly params: URLSearchParams;
}

const START: Route = { view: "search", params: new URLSearchParams() };

/** Reads a location's hash; undefined for anchors within a view, such as `#terminal`. */
export function parseRoute(hash: string): Route | undefined {
  if (hash === "" || hash === "#") return START;
  const [, name = "", query = ""] = /^#\/([a-z]*)(?:\?(.*))?$/.exec(hash) ?? [];
  if (!hash.startsWith("#/")) return undefined;
  const view = VIEWS.find((one) => one === name);
  return view === undefined ? START : { view, params: new URLSearchParams(query) };
}

export function formatRoute({ view, params }: Route): string {
  const query = params.toString();
  return query === "" ? `#/${view}` : `#/${view}?${query}`;
}

/** The same parameters with some replaced, or left out where the value is undefined. */
export function withParams(
  params: URLSearchParams,
  changes: Readonly<Record<string, string | undefined>>,
): URLSearchParams {
  const changed = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") changed.delete(name);
    else changed.set(name, value);
  }
  return changed;
}

export class Router {
  #route = parseRoute(location.hash) ?? START;
  #previous: Route | undefined;
  readonly #listeners: ((route: Route) => void)[] = [];

  constructor() {
    addEventListener("popstate", () => {
      const route = parseRoute(location.hash);
      if (route !== undefined) this.#arrive(route);
    });
  }

  get route(): Route {
    return this.#route;
  }

  listen(listener: (route: Route) => void): void {
    this.#listeners.push(listener);
  }

  go(route: Route): void {
    history.pushState(null, "", formatRoute(route));
    this.#arrive(route);
  }

  /** Changes the address without a step that "back" would undo. */
  replace(route: Route): void {
    history.replaceState(null, "", formatRoute(route));
    const previous = this.#previous;
    this.#arrive(route);
    this.#previous = previous;
  }

  /** Leaves `from` for `to`: a step back where `to` was before, so that "back" does not return to `from`. */
  leaveTo(to: Route): void {
    if (this.#previous && formatRoute(this.#previous) === formatRoute(to)) history.back();
    else this.replace(to);
  }

  #arrive(route: Route): void {
    this.#previous = this.#route;
    this.#route = route;
    for (const listener of this.#listeners) listener(route);
  }
}
