import { lockOf, openConversation } from "../chat/chat.js";
import { nothingOn, slots } from "../../media/permits.js";
import type { Person } from "../line/frames.js";
import { turnOffOthers } from "../media/mine.js";
import { onAir } from "../media/on-air.js";
import { Avatar } from "../parts/avatar.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icons.js";
import { closeDialog, dialog } from "../inside/dialogs.js";
import { choosePanel } from "../inside/panels.js";
import { text } from "../texts.js";
import { isConnected } from "../walk/state.js";
import { isModerator, myId, personOf, sendOut, setRole } from "./people.js";
import { Badges } from "./people-panel.js";

function Write({ person: { id, name } }: { person: Person }) {
  const lock = lockOf(id);
  return (
    <>
      <button
        id="write-to"
        type="button"
        disabled={lock !== undefined}
        onClick={() => {
          closeDialog();
          openConversation(id, name);
          choosePanel("chat");
        }}
      >
        <Icon name="chat" />
        {text("page.person.write")}
      </button>
      {lock === "privateLocked" && <p class="note">{text("page.chat.privateLocked")}</p>}
    </>
  );
}

function Moderate({ person: { id, role } }: { person: Person }) {
  const other = role === "moderator" ? "viewer" : "moderator";
  const on = onAir.value.get(id) ?? nothingOn;
  return (
    <>
      {slots.map(
        (slot) =>
          on[slot] && (
            <button
              key={slot}
              id={`turn-off-${slot}`}
              type="button"
              disabled={!isConnected.value}
              onClick={() => {
                closeDialog();
                turnOffOthers(slot, id);
              }}
            >
              <Icon name={slot === "screen" ? "stop" : `${slot}-off`} />
              {text(`page.person.turnOff.${slot}`)}
            </button>
          ),
      )}
      <button
        id="change-role"
        type="button"
        disabled={!isConnected.value}
        onClick={() => {
          closeDialog();
          setRole(id, other);
        }}
      >
        <Icon name={other === "moderator" ? "crown" : "people"} />
        {text(other === "moderator" ? "page.person.makeModerator" : "page.person.makeViewer")}
      </button>
      <button
        id="remove"
        type="button"
        class="danger"
        disabled={!isConnected.value}
        onClick={() => (dialog.value = { what: "remove", id })}
      >
        <Icon name="remove" />
        {text("page.person.remove")}
      </button>
    </>
  );
}

function AskToRemove({ person: { id, name } }: { person: Person }) {
  return (
    <Dialog
      id="remove-dialog"
      isOpen
      onClose={closeDialog}
      heading={text("page.person.removeQuestion", { name })}
      explanation={text("page.person.removeExplanation")}
    >
      <div class="actions">
        <button type="button" onClick={closeDialog}>
          {text("page.cancel")}
        </button>
        <button
          id="remove-confirm"
          type="button"
          class="danger filled"
          onClick={() => {
            closeDialog();
            sendOut(id);
          }}
        >
          {text("page.person.removeConfirm")}
        </button>
      </div>
    </Dialog>
  );
}

/** The whole name, and what can be done with whoever has it. */
export function PersonDialog() {
  const shown = dialog.value;
  const person = "id" in shown ? personOf(shown.id) : undefined;
  if (!person) return null;
  if (shown.what === "remove") return <AskToRemove person={person} />;
  const isMe = person.id === myId.value;
  return (
    <Dialog id="person-dialog" isOpen onClose={closeDialog} heading={<bdi>{person.name}</bdi>}>
      <p class="of-person" data-role={person.role}>
        <Avatar person={person} />
        <Badges person={person} isMe={isMe} />
      </p>
      {!isMe && (
        <div class="choices">
          <Write person={person} />
          {isModerator.value && <Moderate person={person} />}
        </div>
      )}
    </Dialog>
  );
}
