// What the visitor sees and hears. Knows the page's elements and texts, and nothing of sockets.

const { texts, logoutUrl, joinAddress } = JSON.parse(document.getElementById("page-data").textContent);
const text = (key) => texts[`page.${key}`] ?? "";
const element = (id) => document.getElementById(id);
const views = ["door", "room", "over", "other-origin", "elsewhere"];

export { element, joinAddress, text };

/** Where to go afterwards, or null. Checked here too: no other scheme is ever followed. */
export const goOnTo = /^https?:\/\//i.test(logoutUrl ?? "") ? logoutUrl : null;

export const currentView = () => document.body.dataset.view;

/** Shows one view and moves the focus to its heading: the element that had it may have just been hidden. */
export function show(view) {
  element("end-dialog").close();
  if (currentView() === view) return;
  document.body.dataset.view = view;
  for (const id of views) element(id).hidden = id !== view;
  const heading = element(view).querySelector("h2") ?? element("title");
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** The status line, read aloud when it changes. Tone: "busy", "good", "problem" or none. */
export function say(sentence, tone = "") {
  element("status").dataset.tone = tone;
  element("status").textContent = sentence;
}

/** The door, with a reason for standing in front of it; without `canEnter` there is no button to press in vain. */
export function showDoor(sentence, { tone = "", again = false, canEnter = true } = {}) {
  const enter = element("enter");
  show("door");
  enter.hidden = !canEnter;
  enter.disabled = false;
  if (again) enter.textContent = text("enterAgain");
  say(sentence, tone);
  if (document.activeElement === document.body) enter.focus(); // it lost the focus while it was disabled
}

/** Whether the list and the buttons are to be trusted: while coming back nothing can be ended. */
export function setConnected(connected) {
  element("people").setAttribute("aria-busy", String(!connected));
  element("end").disabled = !connected;
  if (!connected) element("end-dialog").close();
}

const people = new Map(); // person's id → list item
let myId = null;

export function setPeople(me, everyone) {
  myId = me.id;
  element("end").hidden = !isModerator(me);
  people.clear();
  element("people").replaceChildren();
  for (const person of everyone) addPerson(person);
}

/** Moderators stand before viewers, each in the order of their coming. */
export function addPerson(person) {
  people.get(person.id)?.remove();
  const item = listItem(person);
  const firstViewer = [...element("people").children].find(({ dataset }) => dataset.role === "viewer");
  element("people").insertBefore(item, isModerator(person) ? (firstViewer ?? null) : null);
  people.set(person.id, item);
  showCount();
}

export function removePerson(person) {
  people.get(person.id)?.remove();
  people.delete(person.id);
  showCount();
}

function listItem(person) {
  const role = isModerator(person) ? "moderator" : "viewer";
  const item = document.createElement("li");
  item.dataset.personId = person.id;
  item.dataset.role = role;
  const monogram = part("span", "monogram", firstLetter(person.name));
  monogram.setAttribute("aria-hidden", "true");
  // The name's own direction stays inside its <bdi>; the line around it follows the page's.
  const name = part("span", "name");
  name.append(part("bdi", "", person.name));
  const badges = part("span", "badges");
  if (person.id === myId) badges.append(part("span", "badge you", text("you")), " ");
  badges.append(part("span", "badge", text(role)));
  const line = part("div", "line");
  line.append(name, " ", badges);
  item.append(monogram, line);
  return item;
}

// Always as text: a name is whatever its owner typed.
function part(tag, className, content = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = content;
  return made;
}

function showCount() {
  element("count").textContent = String(people.size);
}

// The role is only shown here; the server decides by its own record.
function isModerator(person) {
  return String(person.role).toUpperCase() === "MODERATOR";
}

// A letter with its accents, or a whole emoji, is several characters.
function firstLetter(name) {
  const trimmed = name.trim();
  if (!("Segmenter" in Intl)) return [...trimmed][0] ?? "";
  return [...new Intl.Segmenter().segment(trimmed)][0]?.segment ?? "";
}
