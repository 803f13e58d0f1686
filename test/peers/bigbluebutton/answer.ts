import type { Element } from "./xml.js";

export type Answer =
  | { elements: readonly Element[] }
  | { redirect: string }
  | { status: number; type: string; text: string };

/** A call's parameters as the server reads them: control characters gone, ends trimmed, the first of each name. */
export type Parameters = Readonly<Record<string, string>>;

export const succeeded = (...elements: Element[]): Answer => ({ elements: [["returncode", "SUCCESS"], ...elements] });

export const noted = (messageKey: string, message: string): Element[] => [
  ["messageKey", messageKey],
  ["message", message],
];

export const failed = (messageKey: string, message = `Told by the peer: ${messageKey}.`): Answer => ({
  elements: [["returncode", "FAILED"], ...noted(messageKey, message)],
});

/** As a proxy before the server, or the server's container, answers. */
export const page = (status: number, title: string): Answer => ({
  status,
  type: "text/html",
  text: `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body><h1>${status} ${title}</h1></body></html>`,
});

export function parametersOf(query: string): Parameters {
  const read: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    // oxlint-disable-next-line no-control-regex -- these are what is taken out
    read[name] ??= value.replace(/[\u0000-\u001F\u007F]/g, "").trim();
  }
  return read;
}
