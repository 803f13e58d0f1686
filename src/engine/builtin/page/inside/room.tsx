import { ChatPanel } from "../chat/chat-panel.js";
import { DeviceDialog } from "../media/device-choice.js";
import { ProblemDialog } from "../media/problem-dialog.js";
import { Sounds } from "../media/sounds.js";
import { Stage } from "../media/stage.js";
import { MoreDialog } from "../moderation/more-dialog.js";
import { PersonDialog } from "../people/person-dialog.js";
import { PeoplePanel } from "../people/people-panel.js";
import { ReactionsShown } from "../people/reactions-shown.js";
import { NotesPanel } from "../notes/notes-panel.js";
import { PressDialog, RecordDialog } from "../recording/record-dialog.js";
import { AboutDialog } from "./about-dialog.js";
import { EndDialog } from "./end-dialog.js";
import { isWide, mainPanel, type Panel, panel } from "./panels.js";
import { Tabs } from "./tabs.js";
import { Toolbar } from "./toolbar.js";

const views: Record<Panel, () => preact.JSX.Element> = {
  stage: Stage,
  people: PeoplePanel,
  chat: ChatPanel,
  notes: NotesPanel,
};

export function Room() {
  const Shown = views[panel.value];
  const Main = views[mainPanel.value];
  return (
    <section id="room" class={isWide.value ? "wide" : ""} aria-labelledby="title">
      {isWide.value ? (
        <>
          <Main />
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
      <Sounds />
      <Toolbar />
      <PersonDialog />
      <MoreDialog />
      <AboutDialog />
      <EndDialog />
      <RecordDialog />
      <PressDialog />
      <ProblemDialog />
      <DeviceDialog />
    </section>
  );
}
