type Groups = Record<string, Record<string, (...args: never[]) => unknown>>;

/** The same queries, each beginning with `before()`; `told` hears of each that fails. */
export function guarded<Q extends object>(
  { before, told }: { before: () => void; told: (error: unknown) => unknown },
  queries: Q,
): Q {
  const groups = Object.entries(queries as unknown as Groups).map(([name, group]) => [
    name,
    Object.fromEntries(
      Object.entries(group).map(([query, run]) => [
        query,
        (...args: never[]) => {
          before();
          const answer = run(...args);
          if (answer instanceof Promise) answer.catch(told);
          return answer;
        },
      ]),
    ),
  ]);
  return Object.fromEntries(groups) as Q;
}
