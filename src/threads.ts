import { Worker, type WorkerOptions } from "node:worker_threads";

/** In development and in tests there is no compiled file beside the one that starts it; then what compiles that compiles this. */
const uncompiled = (file: URL): string =>
  `import("tsx/esm/api").then(({ register }) => { register(); return import(${JSON.stringify(file)}); });`;

/** @param beside the module (its `import.meta.url`) beside which the thread's own one lies, under that name */
export function startThread(beside: string, name: string, options: WorkerOptions): Worker {
  if (beside.endsWith(".js")) return new Worker(new URL(`./${name}.js`, beside), options);
  return new Worker(uncompiled(new URL(`./${name}.ts`, beside)), { ...options, eval: true });
}
