/** What the server says (docs/room-protocol.md); the role is only shown here, and decided there. */
export interface Person {
  id: string;
  name: string;
  role: "moderator" | "viewer";
}

export interface Entered {
  type: "entered";
  person: Person;
  people: Person[];
}

export type Frame =
  | Entered
  | { type: "joined"; person: Person }
  | { type: "left"; person: Person }
  | { type: "refused"; code: string; message?: string }
  | { type: "still-here"; everySeconds: number }
  | { type: "ended" };

/** What the page says. */
export type Wish = { type: "leave" } | { type: "end" };

export function parseFrame(data: unknown): Frame | undefined {
  try {
    return JSON.parse(String(data)) as Frame;
  } catch {
    return undefined;
  }
}
