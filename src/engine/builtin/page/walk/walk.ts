// The visitor's walk: door → room → out again. Joins what the socket tells to what the page shows.

import { batch } from "@preact/signals";
import { allowSound } from "../chat/sound.js";
import { closed } from "../line/closed.js";
import type { FrameOf } from "../line/frames.js";
import { line } from "../line/my-line.js";
import { stopAll } from "../media/mine.js";
import { setOnAir } from "../media/on-air.js";
import { settings } from "../moderation/settings.js";
import { goOnTo, pageData } from "../page-data.js";
import { setPeople } from "../people/people.js";
import { closeDialog } from "../inside/dialogs.js";
import { recorded } from "../recording/told.js";
import { text } from "../texts.js";
import { inside, isInsideThere } from "./inside.js";
import { mark } from "./mark.js";
import { door, ending, isConnected, placeInLine, say, type View, view } from "./state.js";

const goOnAfterMs = 3_000;
const endWithinMs = 10_000;
const inRoom = "room"; // history's word for the entry that was made by entering

line.listener = {
  heard: (frame) => inside.value?.hear(frame),

  entered(frame) {
    const isBack = view.value === "room";
    mark.set("yes");
    if (history.state !== inRoom) history.pushState(inRoom, ""); // Back then leads to the button, not off the page
    batch(() => {
      settings.value = frame.settings ?? {};
      setPeople(frame.person, frame.people, frame.hands ?? []);
      isConnected.value = true;
      setOnAir(frame.media ?? []);
      recorded.value = frame.recording;
      show("room");
      say(enteredSentence(isBack), "good");
    });
    inside.value?.entered(isBack);
  },

  waiting({ place }: FrameOf<"waiting">) {
    isConnected.value = true;
    placeInLine.value = place;
    show("waiting");
    say("");
  },

  lost({ wasInside }) {
    isConnected.value = false;
    ending.value = "no";
    say(text(wasInside ? "page.reconnecting" : "page.tryingAgain"), "busy");
  },

  stopped(code, message) {
    mark.clear();
    if (code === closed.ended || code === closed.SESSION_OVER) return showOver();
    if (code === closed.REMOVED || code === closed.elsewhere) {
      show(code === closed.REMOVED ? "removed" : "elsewhere");
      return say("");
    }
    showDoor({ canEnter: code !== closed.LINK_TAMPERED, isFull: code === closed.ATTENDANCE_LIMIT_REACHED });
    say(message || text("page.failed"), "problem");
  },
};

function enteredSentence(isBack: boolean): string {
  const sentence = text(isBack ? "page.reconnected" : "page.entered");
  return recorded.value ? `${sentence} ${text("page.recording.now")}` : sentence;
}

function show(next: View): void {
  if (view.value === next) return;
  ending.value = "no";
  closeDialog();
  if (next !== "room") {
    inside.value?.left();
    recorded.value = undefined;
    stopAll();
    setOnAir([]);
  }
  view.value = next;
}

function showDoor({ isAgain = door.value.isAgain, canEnter = true, isFull = false } = {}): void {
  show("door");
  door.value = { canEnter, isAgain, isFull, isEntering: false };
}

/** What was recorded here and is not yet with the server would be lost with the page. */
async function goOn(): Promise<void> {
  if (!goOnTo) return;
  await inside.value?.settled();
  location.replace(goOnTo);
}

function showOver(): void {
  show("over");
  say(goOnTo ? text("page.goingOn") : "");
  setTimeout(() => void goOn(), goOnAfterMs);
}

let isOutdated = false;

export async function enter({ comesBack = false, waits = false } = {}): Promise<void> {
  // A part of it did not come: it may be no more there, so the whole page is asked for anew, and enters by itself.
  if (isOutdated) {
    mark.set("yes");
    return location.reload();
  }
  door.value = { ...door.value, isEntering: true };
  say(text("page.entering"), "busy");
  if (await isInsideThere()) return line.enter({ comesBack, waits });
  isOutdated = true;
  showDoor();
  say(text("page.failed"), "problem");
}

export function stopWaiting(): void {
  void line.leave();
  showDoor();
  say(text("page.waiting.stopped"));
}

export async function leave({ thenGoOn = true } = {}): Promise<void> {
  mark.clear();
  showDoor({ isAgain: true });
  say(text("page.left"));
  await line.leave();
  if (thenGoOn) await goOn();
}

export function takeBack(): void {
  showDoor();
  void enter();
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
  for (const press of ["pointerup", "keydown"]) addEventListener(press, allowSound, { once: true });
  addEventListener("online", () => line.refresh());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && line.wake());

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
    void new WebSocket(line.address);
  } else if (mark.get()) {
    const comeBack = () => void enter({ comesBack: true });
    // A page rendered ahead, before anyone looks at it, enters nothing.
    if ("prerendering" in document && document.prerendering) {
      document.addEventListener("prerenderingchange", comeBack, { once: true });
    } else comeBack();
  }
}
