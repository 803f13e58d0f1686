/** What the server wrote into the page; nothing of it is the link's. */
interface PageData {
  title: string | null;
  welcome: string | null;
  logoutUrl: string | null;
  /** There was no place when the link was opened. */
  isFull: boolean;
  /** Whether the session was being recorded when the link was opened, and whether it may be. */
  recording: "now" | "perhaps" | "no";
  /** Where links lead, by PUBLIC_URL: from another origin nobody gets in. */
  joinAddress: string;
  /** The module with the sentences of the page's language, beside the page's script. */
  texts: string;
}

export const pageData = JSON.parse(document.getElementById("page-data")?.textContent ?? "{}") as PageData;

/** Where to go afterwards, or null. Checked here too: no other scheme is ever followed. */
export const goOnTo = /^https?:\/\//i.test(pageData.logoutUrl ?? "") ? pageData.logoutUrl : null;

/** The query that was handed out: a credential, so it is put into no address but this page's. */
export const link = location.search.slice(1);

const parameters = new URLSearchParams(link);
export const personId = parameters.get("personID") ?? "";
/** Shown at the door only; the server knows the name by the link's checksum. */
export const fullName = parameters.get("fullName") ?? "";
