/** The only place that knows the envelope's keys; their order is the document's (envelope-1, envelope-2). */

export interface Success {
  status: true;
  status_code: number;
  message: "success";
  data: unknown;
  success_message: string;
}

export interface Failure {
  status: false;
  status_code: number;
  message: "error";
  error_messages: string[];
}

export const success = (status_code: number, data: unknown, success_message: string): Success => ({
  status: true,
  status_code,
  message: "success",
  data,
  success_message,
});

export const failure = (status_code: number, error_messages: string[]): Failure => ({
  status: false,
  status_code,
  message: "error",
  error_messages,
});

/** What stands around the rows of a list that is written piece by piece. */
export function around(status_code: number, success_message: string): [before: string, after: string] {
  const empty = JSON.stringify(success(status_code, [], success_message));
  const at = empty.indexOf("[]") + 1;
  return [empty.slice(0, at), empty.slice(at)];
}
