/** With it a page sends what it records. */
export interface Ticket {
  part: string;
  token: string;
  /** The number of the first piece that is not there. */
  next: number;
  /** How long the token is good. */
  seconds: number;
  /** Of one piece. */
  maxBytes: number;
  /** Relative to the page, ending with a slash; a piece's number follows. */
  address: string;
}
