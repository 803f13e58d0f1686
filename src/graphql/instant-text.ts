const DAY_MS = 86_400_000;

const padded = (count: number, digits: number): readonly string[] =>
  Array.from({ length: count }, (_, number) => String(number).padStart(digits, "0"));
const ofSixty = padded(60, 2);
const ofThousand = padded(1000, 3);

/** A power of two. */
const KEPT_DAYS = 64;
const days = new Float64Array(KEPT_DAYS).fill(Number.NaN);
const texts: string[] = Array.from({ length: KEPT_DAYS }, () => "");

/** `2022-12-20T`, kept for the days that were asked for lately: a list's instants lie on few. */
function dayText(day: number): string {
  const slot = day & (KEPT_DAYS - 1);
  if (days[slot] !== day) {
    texts[slot] = new Date(day * DAY_MS).toISOString().slice(0, -"00:00:00.000Z".length);
    days[slot] = day;
  }
  return texts[slot] as string;
}

/** What `toISOString` writes, at a tenth of its cost, which is half of a list of a thousand people. */
export function instantText(date: Date): string {
  const ms = date.getTime();
  const day = Math.floor(ms / DAY_MS);
  const inDay = ms - day * DAY_MS;
  const seconds = Math.floor(inDay / 1000);
  const minutes = Math.floor(seconds / 60);
  const time = `${ofSixty[Math.floor(minutes / 60)]}:${ofSixty[minutes % 60]}:${ofSixty[seconds % 60]}`;
  return `${dayText(day)}${time}.${ofThousand[inDay % 1000]}Z`;
}
