import { getNodeValue, type ParseError, parseTree } from "jsonc-parser";

/** Trailing commas are all it forgives: the document's own start example has one (body-1). */
function parseLeniently(text: string): unknown {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, disallowComments: true });
  if (!tree || errors.length > 0) throw new SyntaxError("not JSON, trailing commas forgiven");
  return getNodeValue(tree);
}

/** The text of a v1 body. @throws SyntaxError, or RangeError where it is nested deeper than the parser's stack */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return parseLeniently(text);
  }
}
