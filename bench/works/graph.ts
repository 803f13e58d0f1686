import type { PeerName } from "../peers.js";
import type { Seeded } from "../seed.js";
import { idOf, type TextName, texts } from "../texts.js";
import { type Ask, headers, type Work } from "./work.js";

/** Servers say what they want besides. */
const dataOf = (body: string): string => JSON.stringify((JSON.parse(body) as { data: unknown }).data);

const base = "mercurius";

/** The graph, asked by a text and by a document's id. */
export function graphReads({ busyKey, longMeetingId }: Seeded): Work[] {
  const sizes: Record<TextName, string> = { meeting: "1 meeting", meetings: "20 meetings", nested: "250 nested rows" };
  const asking = (body: object): Ask => ({
    method: "POST",
    path: "/graphql",
    headers: headers(busyKey),
    body: JSON.stringify(body),
  });
  return (Object.keys(texts) as TextName[]).flatMap((name) => {
    const variables = name === "meeting" ? { id: longMeetingId } : {};
    const id = idOf(name);
    const byId = (server: PeerName) =>
      server === base || server === "handmade" ? { query: id, persisted: true } : { documentId: id };
    const common = { size: sizes[name], compared: dataOf };
    return [
      {
        ...common,
        name: `graph_${name}`,
        servers: [base, "gateway", "handmade", "apollo"] as const,
        goals: { gateway: { cpu: 1.5 } },
        ask: () => asking({ query: texts[name], variables }),
      },
      {
        ...common,
        name: `trusted_${name}`,
        servers: [base, "gateway", "handmade"] as const,
        goals: { gateway: { cpu: name === "meeting" ? 0.75 : 1 } },
        ask: (_number: number, server: PeerName) => asking({ ...byId(server), variables }),
      },
    ];
  });
}
