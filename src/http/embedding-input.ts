/** What clients ask to embed, told apart: a picture, a text, or both together. */
import { Problem } from "../problem.ts";
import { MAX_TEXT_LENGTH, MAX_TEXTS_LENGTH } from "./limits.ts";
import { InvalidInputError, type PictureInput, pictureReference } from "./picture-input.ts";
import { type RefusedInput, refusal } from "./refused-inputs.ts";

/** At least one of both. */
export interface EmbeddingInput {
  readonly picture?: PictureInput;
  readonly text?: string;
}

/** Words for a model that sees pictures only. */
export class TextInputError extends Problem {
  readonly param = "input";

  constructor(model: string, others: readonly string[]) {
    super({
      status: 400,
      code: "text-input-not-supported",
      title: "The model takes no text",
      detail: `${model} embeds pictures; the input is neither a data URL nor an http(s) URL.`,
      hint:
        others.length > 0
          ? `Models that take text: ${others.join(", ")}.`
          : "Send a picture as data:image/jpeg;base64,… or as an http(s) URL. No model here takes text.",
    });
  }
}

/** Token numbers, which mean something only with the client's own vocabulary. */
export class TokenInputError extends Problem {
  readonly param = "input";

  constructor() {
    super({
      status: 400,
      code: "token-input-not-supported",
      title: "Token numbers cannot be embedded",
      detail: "The input is made of numbers: tokens of another model's vocabulary.",
      hint: "Send the text itself. LangChain: tiktokenModelName and chunking off; OpenAI's clients send text as it is.",
    });
  }
}

/** @throws {TokenInputError} {InvalidInputError} */
export function embeddingInput(source: unknown): EmbeddingInput {
  if (isTokens(source)) throw new TokenInputError();
  if (typeof source === "string") {
    return isReference(source) ? { picture: pictureReference(source) } : { text: checked(source) };
  }
  const { image, text } = Object(source) as { image?: unknown; text?: unknown };
  if (image === undefined && text === undefined) {
    throw new InvalidInputError("It is neither a string nor an object with an image or a text.");
  }
  return {
    ...(image !== undefined && { picture: pictureReference(image) }),
    ...(text !== undefined && { text: checked(text) }),
  };
}

/**
 * All inputs of a request, in their order.
 * @throws {RefusedInputsError} naming each that is none; a single input's own problem
 */
export function embeddingInputs(sources: readonly unknown[]): EmbeddingInput[] {
  const refused: RefusedInput[] = [];
  const inputs = sources.flatMap((source, index): EmbeddingInput[] => {
    try {
      return [embeddingInput(source)];
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      refused.push({ index, problem });
      return [];
    }
  });
  if (refused.length > 0) throw refusal(refused, sources.length);
  const characters = inputs.reduce((sum, { text = "" }) => sum + text.length, 0);
  if (characters > MAX_TEXTS_LENGTH) {
    throw new InvalidInputError(
      `The texts have ${characters} characters together; at most ${MAX_TEXTS_LENGTH} are accepted.`,
    );
  }
  return inputs;
}

function isReference(text: string): boolean {
  return /^\s*(data:|https?:\/\/)/i.test(text);
}

/** What OpenAI's API takes as tokens: a number, a text's numbers, or several texts'. No deeper: it must not recurse. */
export function isTokens(input: unknown): boolean {
  return isNumber(input) || isRow(input) || (isFilled(input) && input.every(isRow));
}

const isNumber = (input: unknown) => typeof input === "number";
const isFilled = (input: unknown): input is unknown[] => Array.isArray(input) && input.length > 0;
const isRow = (input: unknown) => isFilled(input) && input.every(isNumber);

function checked(text: unknown): string {
  if (typeof text !== "string") throw new InvalidInputError("The text is not a string.");
  if (text.trim() === "") throw new InvalidInputError("The text is empty.");
  if (text.length > MAX_TEXT_LENGTH) {
    throw new InvalidInputError(
      `The text has ${text.length} characters; at most ${MAX_TEXT_LENGTH} are accepted.`,
    );
  }
  return text;
}
