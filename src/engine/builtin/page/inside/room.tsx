import { ChatPanel } from "../chat/chat-panel.js";
import { MoreDialog } from "../moderation/more-dialog.js";
import { PersonDialog } from "../people/person-dialog.js";
import { PeoplePanel } from "../people/people-panel.js";
import { ReactionsShown } from "../people/reactions-shown.js";
import { NotesPanel } from "../notes/notes-panel.js";
import { AboutDialog } from "./about-dialog.js";
import { EndDialog } from "./end-dialog.js";
import { isWide, type Panel, panel } from "./panels.js";
import { Tabs } from "./tabs.js";
import { Toolbar } from "./toolbar.js";

const views: Record<Panel, () => preact.JSX.Element> = { people: PeoplePanel, chat: ChatPanel, notes: NotesPanel };

export function Room() {
  const Shown = views[panel.value];
  return (
    <section id="room" class={isWide.value ? "wide" : ""} aria-labelledby="title">
      {isWide.value ? (
        <>
          <PeoplePanel />
          <div class="side">
            <Tabs />
            <Shown />
          </div>
        </>
      ) : (
        <>
          <Tabs />
          <Shown />
        </>
      )}
      <ReactionsShown />
      <Toolbar />
      <PersonDialog />
      <MoreDialog />
      <AboutDialog />
      <EndDialog />
    </section>
  );
}
