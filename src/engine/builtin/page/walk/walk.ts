// The visitor's walk: door → room → out again. Joins what the socket tells to what the page shows.

import { batch } from "@preact/signals";
import { closed } from "../line/closed.js";
import type { Entered, Frame } from "../line/frames.js";
import { Line } from "../line/line.js";
import { goOnTo, link, pageData } from "../page-data.js";
import { addPerson, removePerson, setPeople } from "../people/people.js";
import { text } from "../texts.js";
import { mark } from "./mark.js";
import { door, ending, isConnected, say, type View, view } from "./state.js";

const goOnAfterMs = 3_000;
const endWithinMs = 10_000;
const inRoom = "room"; // history's word for the entry that was made by entering

// Relative to this page, whatever path it is served under; the link's query stays out of every log on the way.
const address = new URL("room", location.href);
address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
address.search = "";
address.hash = "";

const line = new Line(address.href, link, { entered, heard, lost, stopped });

function entered({ person, people }: Entered): void {
  const isBack = view.value === "room";
  mark.set();
  if (history.state !== inRoom) history.pushState(inRoom, ""); // Back then leads to the button, not off the page
  batch(() => {
    setPeople(person, people);
    isConnected.value = true;
    show("room");
    say(text(isBack ? "page.reconnected" : "page.entered"), "good");
  });
}

function heard(frame: Frame): void {
  if (frame.type === "joined") addPerson(frame.person);
  else if (frame.type === "left") removePerson(frame.person);
  else if (frame.type === "refused") {
    ending.value = "no";
    say(frame.message || text("page.endFailed"), "problem");
  }
}

function lost({ wasInside }: { wasInside: boolean }): void {
  isConnected.value = false;
  ending.value = "no";
  say(text(wasInside ? "page.reconnecting" : "page.tryingAgain"), "busy");
}

function stopped(code: number, message: string): void {
  mark.clear();
  if (code === closed.ended || code === closed.SESSION_OVER) return showOver();
  if (code === closed.elsewhere) {
    show("elsewhere");
    return say("");
  }
  showDoor({ canEnter: code !== closed.LINK_TAMPERED });
  say(message || text("page.failed"), "problem");
}

function show(next: View): void {
  ending.value = "no";
  view.value = next;
}

function showDoor({ isAgain = door.value.isAgain, canEnter = true } = {}): void {
  show("door");
  door.value = { canEnter, isAgain, isEntering: false };
}

function goOn(): void {
  if (goOnTo) location.replace(goOnTo);
}

function showOver(): void {
  show("over");
  say(goOnTo ? text("page.goingOn") : "");
  setTimeout(goOn, goOnAfterMs);
}

export function enter({ comesBack = false } = {}): void {
  door.value = { ...door.value, isEntering: true };
  say(text("page.entering"), "busy");
  line.enter({ comesBack });
}

export async function leave({ thenGoOn = true } = {}): Promise<void> {
  mark.clear();
  showDoor({ isAgain: true });
  say(text("page.left"));
  await line.leave();
  if (thenGoOn) goOn();
}

export function takeBack(): void {
  showDoor();
  enter();
}

export function end(): void {
  ending.value = line.say({ type: "end" }) ? "asked" : "no";
  if (ending.value === "no") return;
  say(text("page.ending"), "busy");
  setTimeout(() => {
    if (ending.value !== "asked") return;
    ending.value = "no";
    say(text("page.endFailed"), "problem");
  }, endWithinMs);
}

/** What the browser itself says of the way: its line, its history, its memory of pages. */
export function begin(): void {
  addEventListener("online", () => line.refresh());

  // Back out of the room is leaving it, to the door and not to `logout_url`.
  addEventListener("popstate", () => {
    if (history.state === inRoom) return;
    if (view.value === "room") void leave({ thenGoOn: false });
    if (view.value === "elsewhere") showDoor();
  });

  // A page kept by the browser and shown again may be long out of date: the server decides what is here now.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });

  if (location.origin !== new URL(pageData.joinAddress).origin) {
    show("other-origin");
    // The server takes this page's socket from its own address only, and names this one in its log when it knocks.
    void new WebSocket(address);
  } else if (mark.isSet()) {
    const comeBack = () => enter({ comesBack: true });
    // A page rendered ahead, before anyone looks at it, enters nothing.
    if ("prerendering" in document && document.prerendering) {
      document.addEventListener("prerenderingchange", comeBack, { once: true });
    } else comeBack();
  }
}
