import { parentPort, workerData } from "node:worker_threads";
import { type JoinedPart, joinParts } from "./join.js";

export interface JoinWork {
  files: readonly string[];
  target: string;
}

/** `parts` is undefined where there is nothing to watch. */
export type JoinAnswer =
  | { parts: JoinedPart[] | undefined }
  | { failed: { message: string; code: string | undefined } };

const { files, target } = workerData as JoinWork;
const answer: JoinAnswer = await joinParts(files, target).then(
  (parts) => ({ parts }),
  ({ message, code }: NodeJS.ErrnoException) => ({ failed: { message, code } }),
);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
parentPort?.postMessage(answer);
