const DAY_MS = 86_400_000;

const padded = (count: number, digits: number): readonly string[] =>
  Array.from({ length: count }, (_, number) => String(number).padStart(digits, "0"));
const ofSixty = padded(60, 2);
const ofThousand = padded(1000, 3);

let lastDay = Number.NaN;
let lastDayText = "";

/** `2022-12-20T`, written once for as long as the same day is asked for: a list's instants lie on few. */
function dayText(day: number): string {
  if (day !== lastDay) {
    lastDayText = new Date(day * DAY_MS).toISOString().slice(0, -"00:00:00.000Z".length);
    lastDay = day;
  }
  return lastDayText;
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
