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
