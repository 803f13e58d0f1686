/** What an engine says of itself to its operator, in English; no secret. */
export interface About {
  title: string;
  facts: string[];
  /** What partners can't have there; each goes on after "It can't". */
  cannot: string[];
}
