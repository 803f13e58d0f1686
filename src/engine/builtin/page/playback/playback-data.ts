/** What the server wrote into the page. */
interface PlaybackData {
  /** Begins the addresses of what belongs to this recording; relative to the page. */
  base: string;
  texts: string;
}

export const playbackData = JSON.parse(document.getElementById("page-data")?.textContent ?? "{}") as PlaybackData;

/** Something was written to everyone while it was recorded. */
export interface PlayedMessage {
  id: string;
  name: string;
  body: string;
  /** Where in the recording. */
  seconds: number;
}

async function read<T>(what: string): Promise<T | undefined> {
  const answer = await fetch(`${playbackData.base}/${what}`, { credentials: "omit" });
  if (answer.status === 404 || answer.status === 403) return undefined;
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()) as T;
}

/** undefined: the recording is not to be watched any more. */
export const readAddress = () => read<{ media: string }>("address");
export const readMessages = () => read<{ messages: PlayedMessage[] }>("chat");
