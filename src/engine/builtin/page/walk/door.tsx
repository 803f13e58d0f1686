import { useEffect, useRef } from "preact/hooks";
import { Preview } from "../media/preview.js";
import { Avatar } from "../parts/avatar.js";
import { Linked } from "../parts/linked.js";
import { fullName, pageData, personId } from "../page-data.js";
import { RecordingNote } from "../recording/note.js";
import { text, textAround } from "../texts.js";
import { door, status } from "./state.js";
import { enter } from "./walk.js";

/** The sentence around the name, which keeps its own direction. */
function EntersAs() {
  const [before, after] = textAround("page.enterAs");
  return (
    <p class="enters-as">
      <Avatar person={{ id: personId, name: fullName }} />
      <span>
        {before}
        <strong>
          <bdi>{fullName}</bdi>
        </strong>
        {after}
      </span>
    </p>
  );
}

/** Without a place one may wait for one; another try may find that someone has left. */
function WayIn() {
  const { isEntering, isAgain, isFull } = door.value;
  const whole = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // It lost the focus while it was disabled.
    if (!isEntering && document.activeElement === document.body) whole.current?.querySelector("button")?.focus();
  }, [isEntering]);
  return (
    <div class="way-in" ref={whole}>
      {isFull && (
        <button
          id="wait"
          class="primary"
          type="button"
          disabled={isEntering}
          onClick={() => void enter({ waits: true })}
        >
          {text("page.wait")}
        </button>
      )}
      <button
        id="enter"
        class={isFull ? "" : "primary"}
        type="button"
        disabled={isEntering}
        onClick={() => void enter()}
      >
        {text(isAgain ? "page.enterAgain" : "page.enter")}
      </button>
    </div>
  );
}

export function Door() {
  const { canEnter, isFull } = door.value;
  return (
    <section id="door" class="card">
      {isFull && status.value.sentence === "" && <p>{text("page.refused.ATTENDANCE_LIMIT_REACHED.explanation")}</p>}
      {fullName && <EntersAs />}
      {pageData.welcome && !isFull && (
        <p class="welcome" dir="auto">
          <Linked text={pageData.welcome} />
        </p>
      )}
      {canEnter && !isFull && <RecordingNote />}
      {canEnter && !isFull && <Preview />}
      {canEnter && <WayIn />}
    </section>
  );
}
