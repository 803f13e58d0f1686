import sax from "sax";

/** An element of an answer. What may stand there more than once is always a list, and every value is a text. */
export class Element {
  /** Made with the first child: most elements have none, and an answer may have very many. */
  #children: Map<string, Element[]> | undefined;
  text = "";
  /** Its `key` attribute, where it has one. */
  key: string | undefined;

  add(name: string, child: Element): void {
    this.#children ??= new Map();
    const same = this.#children.get(name);
    if (same) same.push(child);
    else this.#children.set(name, [child]);
  }

  /** The elements at the end of this path; of what is passed on the way, the first. */
  all(...path: [string, ...string[]]): Element[] {
    const [name, ...rest] = path;
    const found = this.#children?.get(name) ?? [];
    const [next, ...further] = rest;
    return next === undefined ? found : (found[0]?.all(next, ...further) ?? []);
  }

  /** Without the spaces around it; empty where there is no such element. */
  textOf(name: string): string {
    return this.#children?.get(name)?.[0]?.text.trim() ?? "";
  }

  /** undefined where it is no whole number of 0 or more. */
  numberOf(name: string): number | undefined {
    const text = this.textOf(name);
    return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  }
}

/** What a server said to a call. */
export interface Answer {
  isSuccess: boolean;
  /** `messageKey`: what it is called that went wrong, or something about a success. */
  key: string;
  response: Element;
}

/** Not an answer of the dialect: a proxy's page, half an answer, or one that has a say in how it is read. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** Elements and attributes of an answer: in so few bytes as one may have, many times as many would fit. */
const MOST_PARTS = 200_000;

const keyOf = (response: Element): string =>
  response.textOf("messageKey") || (response.all("errors", "error")[0]?.key ?? "");

/** Only the five entities of XML itself. Strict besides: every element closed, nothing around them. */
const strictly = { strictEntities: true };

/** Reads an answer piece by piece, as it comes, so that a long one holds nobody up. */
export class AnswerReader {
  readonly #root = new Element();
  readonly #parser: sax.SAXParser = sax.parser(true, strictly as sax.SAXOptions);

  constructor() {
    const open = [this.#root];
    let parts = 0;
    const count = () => {
      parts += 1;
      if (parts > MOST_PARTS) throw new Unreadable("an answer of more parts than any has");
    };
    const within = () => open.at(-1) ?? this.#root;
    const hears: Partial<sax.SAXParser> = {
      onerror() {
        throw new Unreadable("an answer that is no XML");
      },
      ondoctype() {
        throw new Unreadable("an answer with a document type, which none needs");
      },
      onopentagstart: count,
      onattribute: count,
      onopentag({ name, attributes }) {
        const element = new Element();
        const key = attributes["key"];
        if (typeof key === "string") element.key = key;
        within().add(name, element);
        open.push(element);
      },
      onclosetag() {
        open.pop();
      },
      ontext(text) {
        within().text += text;
      },
      oncdata(text) {
        within().text += text;
      },
    };
    Object.assign(this.#parser, hears);
  }

  /** @throws Unreadable */
  write(piece: string): void {
    this.#parser.write(piece);
  }

  /** @throws Unreadable */
  end(): Answer {
    this.#parser.close();
    const [response] = this.#root.all("response");
    const code = response?.textOf("returncode");
    if (!response || (code !== "SUCCESS" && code !== "FAILED")) {
      throw new Unreadable("an answer without a returncode");
    }
    return { isSuccess: code === "SUCCESS", key: keyOf(response), response };
  }
}
