import { createHash } from "node:crypto";

/** What the graph is asked in the bench. */
export const texts = {
  meeting: `query Meeting($id: ID!) {
  meeting(id: $id) { id title isRunning welcomeText createdAt settings { record lockSettingsDisableMic } }
}`,
  meetings: `query Meetings {
  meetings(first: 20) {
    nodes { id title isRunning welcomeText createdAt }
    pageInfo { hasNextPage endCursor }
  }
}`,
  nested: `query Nested {
  meetings(first: 20) {
    nodes {
      id
      title
      sessions(first: 3) {
        nodes { id title startedAt endedAt status attendances(first: 3) { nodes { id fullName joinedAt } } }
      }
    }
  }
}`,
};

export type TextName = keyof typeof texts;

export const idOf = (name: TextName): string => createHash("sha256").update(texts[name]).digest("hex");

/** As a client's build writes it down, for servers that serve operations by their ids. */
export const manifest = (): string =>
  JSON.stringify({
    format: "apollo-persisted-query-manifest",
    version: 1,
    operations: Object.entries(texts).map(([name, body]) => ({
      id: idOf(name as TextName),
      name,
      type: "query",
      body,
    })),
  });
