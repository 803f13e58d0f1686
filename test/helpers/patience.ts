import { vi } from "vitest";
import { PATIENCE_MS } from "./patience-ms.js";

// What is awaited comes at once on a free machine. On a busy one a second, which vitest gives it, is soon gone.
const { waitFor, waitUntil } = vi;

type Given = Parameters<typeof waitFor>[1];

const patient = (given: Given) => ({
  timeout: PATIENCE_MS,
  ...(typeof given === "number" ? { timeout: given } : given),
});

const patience = Symbol.for("patience");
const marked = vi as typeof vi & { [patience]?: true };
// Files share it.
if (!marked[patience]) {
  marked[patience] = true;
  vi.waitFor = (look, given) => waitFor(look, patient(given));
  vi.waitUntil = (look, given) => waitUntil(look, patient(given));
}
