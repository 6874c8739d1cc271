/**
 * The view of looks: a picture on the left, on the right what is in it or what goes with it. The address says what is
 * shown; answers are kept as long as their picture is.
 */
import { part } from "../dom.ts";
import { takeFromWindow } from "../intake.ts";
import type { PageContext } from "../item/context.ts";
import type { Picture } from "../picture.ts";
import { formatRoute, type Route, withParams } from "../route.ts";
import { problemSlip } from "../views/problem-slip.ts";
import { type Choices, choicesOf, paramsFor, paramsOfScene, shopKey } from "./choices.ts";
import { gridOf, showCompleted } from "./complete-panel.ts";
import { lookMarkup } from "./markup.ts";
import { groupsOf, type SceneModels, sceneModels } from "./models.ts";
import { Options } from "./options.ts";
import { Panel } from "./panel.ts";
import { sampleLinks } from "./samples.ts";
import { type Completed, completeTheLook, type Shopped, shopTheLook } from "./scene-calls.ts";
import { ScenePrint } from "./scene-print.ts";
import { shownObject, showShopped } from "./shop-panel.ts";
import { invitation, noModel } from "./slips.ts";
import { Scenes } from "./subject.ts";

/** Products of all categories together, and of one that was chosen. */
const COMPLETIONS = 24;
const COMPLETIONS_OF_ONE = 12;

/** Answers about the picture that is pinned. */
interface Answers {
  readonly picture: Picture;
  readonly shopped: Map<string, Promise<Shopped>>;
  readonly completed: Map<string | undefined, Promise<Completed>>;
  /** Ends what is asked when another picture comes. */
  readonly running: AbortController;
}

export class LookView {
  readonly #root: HTMLElement;
  readonly #scenes = new Scenes();
  readonly #print: ScenePrint;
  readonly #panel: Panel;
  readonly #options: Options;
  readonly #modes: HTMLFormElement;
  #answers: Answers | undefined;
  #veil = true;
  #offered = false;
  #shown: string | undefined;
  /** Counts what was shown, so that what comes too late is dropped. */
  #turn = 0;

  constructor(
    root: HTMLElement,
    private readonly page: PageContext,
  ) {
    root.append(...lookMarkup());
    this.#root = root;
    this.#print = new ScenePrint(part(root, "look-scene"), {
      take: (files) => this.take(files),
      clear: () => this.#clear(),
      chosen: (object) => this.#change({ object }, true),
    });
    this.#panel = new Panel(part(root, "look-found"));
    this.#options = new Options(part<HTMLFormElement>(root, "look-options"), (changes) =>
      this.#change(changes),
    );
    this.#modes = part<HTMLFormElement>(root, "look-modes");
    this.#modes.addEventListener("submit", (event) => event.preventDefault());
    this.#modes.addEventListener("change", (event) => {
      const mode = (event.target as HTMLInputElement).value === "complete" ? "complete" : "shop";
      this.#change({ mode });
    });
    // On a phone, products come before choices.
    part<HTMLDetailsElement>(root, "look-options-card").open = !matchMedia("(max-width: 48rem)").matches;
    takeFromWindow(part(root, "look-board"), (files) => this.take(files));
  }

  /** Pins the first of the files. */
  take([file]: readonly File[]): void {
    if (file === undefined) return;
    try {
      this.#scenes.bring(file);
    } catch (thrown) {
      this.#panel.settle();
      this.#panel.notice(problemSlip(thrown));
      return;
    }
    this.#shown = undefined;
    this.page.router.go({ view: "look", params: paramsOfScene(this.#params, { picture: "1" }) });
  }

  show({ params }: Route): void {
    const key = withParams(params, { open: undefined }).toString();
    if (key === this.#shown) return;
    this.#shown = key;
    void this.#show(params);
  }

  /** The same again: the catalogue has changed, or it failed. */
  again(): void {
    this.#answers?.running.abort();
    this.#answers = undefined;
    this.#shown = undefined;
    const { route } = this.page.router;
    if (route.view === "look") this.show(route);
  }

  async #show(params: URLSearchParams): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const isCurrent = () => this.#turn === turn;
    const choices = choicesOf(params);
    this.#showChoices(choices, params);
    try {
      const [models, picture] = await Promise.all([sceneModels(), this.#scenes.of(params)]);
      if (!isCurrent()) return;
      this.#offer(models, choices);
      this.#pin(picture);
      if (picture === undefined) {
        this.#panel.title = "What is in it";
        this.#panel.certainty = "";
        this.#panel.lead();
        this.#panel.timing(undefined);
        this.#panel.notice(invitation());
      } else if (choices.mode === "shop") await this.#shop(choices, models, isCurrent);
      else await this.#complete(choices, models, isCurrent);
    } catch (thrown) {
      if (isCurrent()) this.#fail(thrown);
    } finally {
      if (isCurrent()) {
        this.#panel.settle();
        this.#print.showBusy(false);
      }
    }
  }

  async #shop(choices: Choices, { detector }: SceneModels, isCurrent: () => boolean): Promise<void> {
    const { page } = this;
    this.#panel.lead();
    if (!detector) {
      this.#print.clear();
      this.#panel.title = "What is in it";
      this.#panel.notice(noModel("shop"));
      return;
    }
    const { picture, shopped, running } = this.#answers!;
    const known = await this.#answer(shopped, shopKey(choices), "Looking through the picture…", () =>
      shopTheLook(page.api, picture.blob, choices, running.signal),
    );
    if (!isCurrent()) return;
    this.#print.showSpots(known.objects, shownObject(known, choices));
    this.#panel.timing(known.stages);
    const change = (changes: Partial<Choices>) => this.#change(changes);
    await showShopped(this.#panel, known, choices, { page, known: detector.detection.categories, change });
  }

  async #complete(choices: Choices, models: SceneModels, isCurrent: () => boolean): Promise<void> {
    const { compatibility } = models;
    const { page } = this;
    const { category } = choices;
    if (!compatibility) {
      this.#print.clear();
      this.#panel.lead();
      this.#panel.title = "What goes with it";
      this.#panel.notice(noModel("complete"));
      return;
    }
    const { picture, completed, running } = this.#answers!;
    const ask = (one: string | undefined) =>
      this.#answer(completed, one, "Looking for what goes with it…", () => {
        const limit = one === undefined ? COMPLETIONS : COMPLETIONS_OF_ONE;
        return completeTheLook(page.api, picture.blob, { category: one, limit }, running.signal);
      });
    const overview = await ask(undefined);
    const shown = category === undefined ? overview : await ask(category);
    if (!isCurrent()) return;
    const grid = gridOf(shown, category);
    const drawVeil = () => this.#print.showAttention(this.#veil ? grid : undefined, models);
    await drawVeil();
    if (!isCurrent()) return;
    this.#panel.timing(shown.stages);
    showCompleted(this.#panel, overview, shown, choices, {
      page,
      known: [
        ...new Set([
          ...(models.detector?.detection.categories ?? []),
          ...compatibility.compatibility.categories,
        ]),
      ],
      change: (changes) => this.#change(changes),
      veil: {
        wanted: this.#veil,
        toggle: (wanted) => {
          this.#veil = wanted;
          void drawVeil();
        },
      },
    });
  }

  /** The answer that is kept, or a new one; failures are not kept. */
  async #answer<Key, Answer>(
    kept: Map<Key, Promise<Answer>>,
    key: Key,
    words: string,
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    let answer = kept.get(key);
    if (!answer) {
      answer = ask();
      kept.set(key, answer);
      answer.catch(() => kept.delete(key));
    }
    const arrived = await Promise.race([answer.then(() => true), Promise.resolve(false)]);
    if (!arrived) {
      this.#panel.wait(words);
      this.#print.showBusy(true);
      this.page.announce(words);
    }
    return answer;
  }

  #pin(picture: Picture | undefined): void {
    if (picture !== undefined && this.#answers?.picture === picture) return;
    this.#answers?.running.abort();
    this.#answers = picture && {
      picture,
      shopped: new Map(),
      completed: new Map(),
      running: new AbortController(),
    };
    this.#print.show(picture);
    this.#panel.show();
  }

  #fail(thrown: unknown): void {
    this.#print.clear();
    this.#panel.title = "What is in it";
    this.#panel.certainty = "";
    this.#panel.lead();
    this.#panel.timing(undefined);
    this.#panel.notice(problemSlip(thrown, () => this.again()));
  }

  #showChoices(choices: Choices, params: URLSearchParams): void {
    for (const mode of this.#modes.querySelectorAll<HTMLInputElement>("[name=as]")) {
      mode.checked = mode.value === choices.mode;
    }
    part(this.#root, "look-options-card").hidden = choices.mode !== "shop";
    this.#options.show(choices);
    const addressOf = (sample: string) =>
      formatRoute({ view: "look", params: paramsOfScene(params, { sample }) });
    const tray = part(this.#root, "look-samples");
    const links = [...tray.querySelectorAll<HTMLAnchorElement>("a")];
    if (links.length === 0) tray.replaceChildren(...sampleLinks(addressOf));
    for (const link of links) link.href = addressOf(link.dataset.sample!);
    for (const link of tray.querySelectorAll<HTMLAnchorElement>("a")) {
      if (link.dataset.sample === params.get("sample")) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  #offer({ detector }: SceneModels, choices: Choices): void {
    if (this.#offered || !detector) return;
    this.#offered = true;
    this.#options.offer(groupsOf(detector));
    this.#options.show(choices);
  }

  #clear(): void {
    this.page.announce("The look was removed");
    part(this.#root, "look-file").focus();
    this.page.router.go({ view: "look", params: paramsOfScene(this.#params, {}) });
  }

  /** @param inPlace without a step that "back" would undo */
  #change(changes: Partial<Choices>, inPlace = false): void {
    const params = withParams(this.#params, { ...paramsFor(changes), open: undefined });
    const route: Route = { view: "look", params };
    if (inPlace) this.page.router.replace(route);
    else this.page.router.go(route);
  }

  get #params(): URLSearchParams {
    return this.page.router.route.params;
  }
}
