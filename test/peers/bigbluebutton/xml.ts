/** An element: its name, and its text or what is in it, in this order. */
export type Element = readonly [name: string, content: string | number | boolean | readonly Element[] | Marked];

/** A text that is written as CDATA. */
export interface Marked {
  cdata: string;
}

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => (sign === "&" ? "&amp;" : sign === "<" ? "&lt;" : "&gt;"));

const inside = (content: Element[1]): string => {
  if (typeof content !== "object") return escaped(String(content));
  if ("cdata" in content) return `<![CDATA[${content.cdata.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
  return content.map(written).join("");
};

const written = ([name, content]: Element): string => `<${name}>${inside(content)}</${name}>`;

export const responseOf = (elements: readonly Element[]): string => written(["response", elements]);
