/** Of autocannon, which brings no types, what is used here. */
declare module "autocannon" {
  import type { EventEmitter } from "node:events";

  interface Request {
    method: string;
    path: string;
    headers: Record<string, string>;
    body?: string | undefined;
  }

  interface Options {
    url: string;
    connections: number;
    /** Requests in all. */
    amount: number;
    /** Milliseconds between two looks at whether all is done. */
    sampleInt: number;
    requests: (Partial<Request> & { setupRequest?: (request: Request) => Request })[];
  }

  interface Result {
    errors: number;
    timeouts: number;
    non2xx: number;
  }

  export default function autocannon(options: Options): EventEmitter & PromiseLike<Result>;
}
