const atItsEnd: (() => void)[] = [];

function endTurn(): void {
  let at = 0;
  try {
    // What is put there by one of them has its turn as well.
    for (; at < atItsEnd.length; at += 1) atItsEnd[at]?.();
  } finally {
    // One that throws is the process' to tell; the others are nobody else's.
    atItsEnd.splice(0, at + 1);
    if (atItsEnd.length > 0) setImmediate(endTurn);
  }
}

/** At the end of this turn of the event loop, in the order in which they were put there; the loop is asked once for all. */
export function atTurnsEnd(work: () => void): void {
  if (atItsEnd.push(work) === 1) setImmediate(endTurn);
}
