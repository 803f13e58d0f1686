// The visitor's walk: door → room → out again. Joins what the socket tells to what the page shows.

import { closed, createLine } from "./line.js";
import {
  addPerson,
  currentView,
  element,
  goOnTo,
  joinAddress,
  removePerson,
  say,
  setConnected,
  setPeople,
  show,
  showDoor,
  text,
} from "./view.js";

const goOnAfterMs = 3_000;
const endWithinMs = 10_000;
const problem = { tone: "problem" };
const inRoom = "room"; // history's word for the entry that was made by entering

const link = location.search.slice(1);

// "Inside in this tab", so that a reload keeps the place. Named by the person: the link itself is a credential.
const markKey = `inside:${new URLSearchParams(link).get("personID")}`;
const mark = {
  isSet: () => withStorage((storage) => storage.getItem(markKey) !== null) ?? false,
  set: () => withStorage((storage) => storage.setItem(markKey, "yes")),
  clear: () => withStorage((storage) => storage.removeItem(markKey)),
};

// A frame on another's page may be denied storage; then a reload asks to enter again, and all else works.
function withStorage(use) {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}

// Relative to this page, whatever path it is served under; the link's query stays out of every log on the way.
const address = new URL("room", location.href);
address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
address.search = "";
address.hash = "";

const line = createLine(address.href, link, {
  entered({ person, people }) {
    const isBack = currentView() === "room";
    mark.set();
    if (history.state !== inRoom) history.pushState(inRoom, ""); // Back then leads to the button, not off the page
    setPeople(person, people);
    setConnected(true);
    show("room");
    say(text(isBack ? "reconnected" : "entered"), "good");
  },
  joined: addPerson,
  left: removePerson,
  lost({ wasInside }) {
    setConnected(false);
    say(text(wasInside ? "reconnecting" : "tryingAgain"), "busy");
  },
  refused(message) {
    setConnected(true);
    say(message || text("endFailed"), "problem");
  },
  stopped(code, message) {
    mark.clear();
    if (code === closed.ended || code === closed.SESSION_OVER) showOver();
    else if (code === closed.elsewhere) showElsewhere();
    else showDoor(message || text("failed"), { ...problem, canEnter: code !== closed.LINK_TAMPERED });
  },
});

function enter({ comesBack = false } = {}) {
  element("enter").disabled = true;
  say(text("entering"), "busy");
  line.enter({ comesBack });
}

async function leave({ thenGoOn }) {
  mark.clear();
  showDoor(text("left"), { again: true });
  await line.leave();
  if (thenGoOn && goOnTo) location.replace(goOnTo);
}

function end() {
  element("end-dialog").close();
  if (!line.end()) return;
  element("end").disabled = true;
  say(text("ending"), "busy");
  setTimeout(() => {
    if (element("status").textContent !== text("ending")) return;
    element("end").disabled = false;
    say(text("endFailed"), "problem");
  }, endWithinMs);
}

function showOver() {
  show("over");
  say(goOnTo ? text("goingOn") : "");
  if (!goOnTo) return;
  element("go-on").href = goOnTo;
  element("go-on").hidden = false;
  setTimeout(() => location.replace(goOnTo), goOnAfterMs);
}

function showElsewhere() {
  show("elsewhere");
  say("");
}

// The server takes this page's socket from its own address only, and names this one in its log when it knocks.
function showOtherOrigin() {
  element("right-origin").textContent = new URL(joinAddress).origin;
  element("right-address").href = joinAddress + location.search;
  show("other-origin");
  void new WebSocket(address);
}

element("enter").addEventListener("click", () => enter());
element("take-back").addEventListener("click", () => {
  showDoor("");
  enter();
});
element("leave").addEventListener("click", () => leave({ thenGoOn: true }));
element("end").addEventListener("click", () => element("end-dialog").showModal());
element("end-cancel").addEventListener("click", () => element("end-dialog").close());
element("end-confirm").addEventListener("click", end);

addEventListener("online", () => line.refresh());

// Back out of the room is leaving it, to the door and not to `logout_url`.
addEventListener("popstate", () => {
  if (history.state === inRoom) return;
  if (currentView() === "room") void leave({ thenGoOn: false });
  if (currentView() === "elsewhere") showDoor("");
});

// A page kept by the browser and shown again may be long out of date: the server decides what is here now.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});

element("enter").disabled = false;
if (location.origin !== new URL(joinAddress).origin) {
  showOtherOrigin();
} else if (mark.isSet()) {
  const comeBack = () => enter({ comesBack: true });
  // A page rendered ahead, before anyone looks at it, enters nothing.
  if (document.prerendering) document.addEventListener("prerenderingchange", comeBack, { once: true });
  else comeBack();
}
