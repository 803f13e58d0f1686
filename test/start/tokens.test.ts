import { expect, test } from "vitest";
import { bytesIn, temporaryFolder } from "../helpers/databases.js";
import { demoKeyOf, server, stop } from "./process.js";

const ids = "{ meetings { nodes { id } } }";

test("a token is in its answer and nowhere else: not in the log at its loudest, not in the database", async () => {
  const folder = temporaryFolder();
  const started = await server(folder, { LOG_LEVEL: "trace" });
  const url = await started.url();
  const key = demoKeyOf(started.out()) ?? "";
  const post = async (headers: Record<string, string>, query: string) => {
    const all = { "content-type": "application/json", ...headers };
    const answer = await fetch(`${url}/graphql`, { method: "POST", headers: all, body: JSON.stringify({ query }) });
    return (await answer.json()) as { data: Record<string, Record<string, string>> };
  };
  const create = `mutation { createAccessToken(input: { scopes: [MEETINGS_READ] }) { ... on CreateAccessTokenSuccess { token tokenId } } }`;
  const { token = "", tokenId = "" } = (await post({ license: key }, create)).data["createAccessToken"] ?? {};
  expect(token.split(".")).toHaveLength(3);
  const authorization = `Bearer ${token}`;
  expect((await post({ authorization }, ids)).data["meetings"]).toBeTruthy();
  await post({ authorization, license: key }, ids);
  await post({ authorization: `${authorization}x` }, ids);
  await post({ authorization }, "{ license { name } }");
  const revoke = `mutation { revokeAccessToken(input: { tokenId: "${tokenId}" }) { __typename } }`;
  expect((await post({ license: key }, revoke)).data["revokeAccessToken"]).toEqual({
    __typename: "RevokeAccessTokenSuccess",
  });
  await post({ authorization }, ids);
  await stop(started);
  const stored = await bytesIn(folder);
  expect(stored).toContain(tokenId);
  const log = started.out() + started.err();
  expect(log).toContain("POST /graphql");
  for (const secret of [token, ...token.split(".").slice(1)]) {
    expect(log).not.toContain(secret);
    expect(stored).not.toContain(secret);
  }
});
