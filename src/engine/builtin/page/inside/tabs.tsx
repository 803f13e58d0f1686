import { allUnread } from "../chat/chat.js";
import { isUnread } from "../notes/notes.js";
import { Icon, type IconName } from "../parts/icons.js";
import { people } from "../people/people.js";
import { number, text } from "../texts.js";
import { choosePanel, type Panel, panel, shownPanels } from "./panels.js";

const icons: Record<Panel, IconName> = { stage: "cam", people: "people", chat: "chat", notes: "notes" };
const names = { stage: "page.stage", people: "page.people", chat: "page.chat", notes: "page.notes" } as const;

/** A number beside a word; read with what it counts. */
export function Unread({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span class="unread">
      <span aria-hidden="true">{number(count)}</span>
      <span class="heard-only">{text("page.unread", { count })}</span>
    </span>
  );
}

function Tab({ of }: { of: Panel }) {
  return (
    <button
      type="button"
      class="tab"
      id={`tab-${of}`}
      aria-current={panel.value === of ? "true" : undefined}
      onClick={() => choosePanel(of)}
    >
      <Icon name={icons[of]} />
      <span>{text(names[of])}</span>
      {of === "people" && <span class="count">{number(people.value.length)}</span>}
      {of === "chat" && <Unread count={allUnread.value} />}
      {of === "notes" && isUnread.value && (
        <span class="unread-mark">
          <span class="heard-only">{text("page.notes.unread")}</span>
        </span>
      )}
    </button>
  );
}

/** Where there is nothing to choose, there is nothing to press. */
export function Tabs() {
  const shown = shownPanels.value;
  if (shown.length < 2) return null;
  return (
    <nav class="tabs" aria-label={text("page.panels")}>
      {shown.map((of) => (
        <Tab key={of} of={of} />
      ))}
    </nav>
  );
}
