import { type Route, routes } from "./routes.js";

/** path → the routes that live there, and the methods they answer to. */
function pathTable(): Map<string, { routes: Route[]; methods: string[] }> {
  const table = new Map<string, { routes: Route[]; methods: string[] }>();
  for (const route of Object.values(routes) as Route[]) {
    for (const path of [route.path, ...(route.aliases ?? [])]) {
      const at = table.get(path) ?? { routes: [], methods: [] };
      at.routes.push(route);
      at.methods = [...new Set([...at.methods, ...route.methods])];
      table.set(path, at);
    }
  }
  return table;
}

export const table: ReadonlyMap<string, { routes: Route[]; methods: string[] }> = pathTable();
