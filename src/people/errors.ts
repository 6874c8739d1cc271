/** What goes wrong with people and their events. Errors are logged: they say of nobody who it is. */
import { Problem } from "../problem.ts";

/** More events of a person wait for the log than may: it is not written at present. */
export class EventsWaitingError extends Problem {
  constructor(waiting: number) {
    super({
      status: 503,
      code: "events-waiting",
      title: "Too many events wait for the log",
      detail: `${waiting} events of a person are not in the log yet; of theirs none of this request was taken.`,
      hint: "Send the same events again after the stated time; those of others that were taken count once.",
      retryAfter: 60,
    });
  }
}

/** A person's object does not answer. */
export class PersonUnavailableError extends Problem {
  constructor(cause: unknown) {
    super({
      status: 503,
      code: "person-unavailable",
      title: "What is kept of the person cannot be reached",
      detail: "The person's object does not answer.",
      hint: "Try again in a moment; what was answered is safe, and the same events count once.",
      retryAfter: 2,
      cause,
    });
  }
}
