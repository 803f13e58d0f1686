import type { Gateway } from "../helpers/boot.js";

export interface Row {
  fullName: string;
  joinedAt: string;
  leftAt: string | null;
  durationSeconds: number;
  stays: { joinedAt: string; leftAt: string | null; source: string }[];
}

/** A session's attendance as its owner sees it. */
export async function attendances(gateway: Gateway, sessionId: string, key = gateway.key): Promise<Row[]> {
  const fields = "fullName joinedAt leftAt durationSeconds stays { nodes { joinedAt leftAt source } }";
  const query = `{ session(id: "${sessionId}") { attendances { nodes { ${fields} } } } }`;
  const { body } = await gateway.graphql(query, {}, { key });
  type Answered = Omit<Row, "stays"> & { stays: { nodes: Row["stays"] } };
  const rows = body.data.session.attendances.nodes as Answered[];
  return rows.map(({ stays, ...row }) => ({ ...row, stays: stays.nodes }));
}

/** What a page sends as its link. */
export const queryOf = (joinUrl: string): string => joinUrl.slice(joinUrl.indexOf("?") + 1);

/** Asks until it is so; what is awaited happens on its own time. */
export async function until<T>(look: () => Promise<T> | T, what = "it"): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + 8_000;
  for (;;) {
    const found = await look();
    if (found) return found as NonNullable<Exclude<T, false>>;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
