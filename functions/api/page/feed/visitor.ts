/** Who looks at the feed: this browser under a random name, or one of the showroom's people. */

const STORED_AS = "corkboard-visitor";

/** A name that says nothing of anybody; the same as long as the browser keeps it. */
export function visitorName(): string {
  const known = localStorage.getItem(STORED_AS);
  if (known !== null) return known;
  return newVisitorName();
}

/** The next events are nobody's who was here before. */
export function newVisitorName(): string {
  const name = `visitor-${crypto.randomUUID()}`;
  localStorage.setItem(STORED_AS, name);
  return name;
}
