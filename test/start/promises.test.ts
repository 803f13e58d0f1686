import { expect, test } from "vitest";
import { environmentFor, temporaryFolder } from "../helpers/databases.js";
import { demoKeyOf, root, run, stop } from "./process.js";

/** Where the process watches its promises, each continuation has an id of its own. */
const probe = `
import { executionAsyncId } from "node:async_hooks";
const idAfterPromise = async () => (await null, executionAsyncId());
process.on("SIGUSR2", async () => {
  const ids = [await idAfterPromise(), await idAfterPromise()];
  console.log(ids[0] === ids[1] ? "promises are not watched" : "promises are watched");
});
`;

test("nothing in a server watches its promises: on Node 20 and 22 each of them would cost more, as long as it runs", async () => {
  const started = run(
    [process.execPath, "--import", `data:text/javascript,${encodeURIComponent(probe)}`, `${root}/dist/main.js`],
    { PORT: "0", ...(await environmentFor(temporaryFolder())), LOG_LEVEL: "info" },
  );
  const url = await started.url();
  const license = demoKeyOf(started.out()) ?? "";
  const create = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { license, "content-type": "application/json" },
    body: JSON.stringify({ query: "mutation { createMeeting(input: {}) { __typename } }" }),
  });
  expect(await create.text()).toContain("CreateMeetingSuccess");
  started.child.kill("SIGUSR2");
  while (!started.out().includes("promises are")) await new Promise((resolve) => setTimeout(resolve, 5));
  await stop(started);
  expect(started.out()).toContain("promises are not watched");
});
