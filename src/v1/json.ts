import { isUtf8 } from "node:buffer";
import { getNodeValue, type ParseError, parseTree } from "jsonc-parser";
import { RequestFault } from "./errors.js";

/** `application/json`, `application/problem+json`, … (body-3) */
const jsonType = /^(?:application\/json|[\w!#$&^.-]+\/[\w!#$&^.+-]+\+json)\s*(?:;|$)/i;

const notJson = () => new RequestFault(400, { key: "fault.body.json" });

/** Trailing commas are all it forgives: the document's own start example has one (body-1). */
function parseLeniently(text: string): unknown {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, disallowComments: true });
  if (!tree || errors.length > 0) throw notJson();
  return getNodeValue(tree);
}

/**
 * The body of a v1 request; undefined when there is none, so that its missing keys can be listed (body-3).
 * @throws RequestFault 415, 400
 */
export function readBody(contentType: string | undefined, bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!jsonType.test(contentType ?? "")) throw new RequestFault(415, { key: "error.mediaType" });
  if (!isUtf8(bytes)) throw new RequestFault(400, { key: "fault.body.utf8" });
  const text = bytes.toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    try {
      return parseLeniently(text);
    } catch {
      // Also a RangeError: nested deeper than the parser's stack.
      throw notJson();
    }
  }
}
