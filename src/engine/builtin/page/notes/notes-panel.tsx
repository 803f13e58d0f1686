import { useEffect, useRef } from "preact/hooks";
import { isPageSeen } from "../inside/panels.js";
import { pageData } from "../page-data.js";
import { Icon } from "../parts/icons.js";
import { isModerator } from "../people/people.js";
import { listed, text } from "../texts.js";
import { isConnected } from "../walk/state.js";
import type { Field } from "./field.js";
import { isLocked, isPending, isUnread, mostLetters, notesState, openNotes, writing } from "./notes.js";
import { saveAsFile } from "./save.js";

function Failed() {
  return (
    <p class="empty">
      {text("page.notes.failed")}{" "}
      <button type="button" onClick={() => location.reload()}>
        {text("page.reload")}
      </button>
    </p>
  );
}

/** What goes on in them; who hears the page is told of it now and then, elsewhere. */
function State() {
  const names = writing.value;
  const sentence =
    notesState.value === "opening"
      ? text("page.notes.opening")
      : isPending.value && !isConnected.value
        ? text("page.notes.pending")
        : names.length > 0
          ? text("page.notes.writing", { names: listed(names.slice(0, 3)) })
          : "";
  return <p class="state">{sentence}</p>;
}

function Page({ isReadOnly }: { isReadOnly: boolean }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const field = useRef<Field | undefined>(undefined);
  useEffect(() => {
    let isGone = false;
    void openNotes().then((opened) => {
      if (area.current && !isGone) field.current = opened?.join(area.current);
    });
    return () => {
      isGone = true;
      field.current?.close();
    };
  }, []);
  return (
    <textarea
      id="notes-text"
      ref={area}
      dir="auto"
      maxLength={mostLetters}
      aria-label={text("page.notes")}
      aria-describedby={isReadOnly ? "notes-locked" : undefined}
      aria-busy={notesState.value !== "open"}
      readOnly={isReadOnly || notesState.value !== "open"}
      onBeforeInput={(event) => field.current?.goesBack(event)}
      onKeyDown={(event) => field.current?.goesBack(event)}
      onInput={() => field.current?.typed()}
      onCompositionStart={() => field.current?.composes(true)}
      onCompositionEnd={() => field.current?.composes(false)}
    />
  );
}

export function NotesPanel() {
  const isReadOnly = isLocked();
  const isRead = isPageSeen.value && isUnread.value;
  useEffect(() => {
    if (isRead) isUnread.value = false;
  }, [isRead]);
  return (
    <section id="notes" class="panel notes" aria-labelledby="notes-heading">
      <h2 id="notes-heading" tabIndex={-1}>
        {text("page.notes")}
      </h2>
      {isReadOnly && (
        <p id="notes-locked" class="locked" role="note">
          <Icon name="lock" />
          <span>{text("page.notes.locked")}</span>
        </p>
      )}
      {notesState.value === "failed" ? <Failed /> : <Page isReadOnly={isReadOnly} />}
      <div class="notes-foot">
        <State />
        {isModerator.value && (
          <button id="save-notes" type="button" class="quiet" onClick={() => saveAsFile(pageData.title)}>
            <Icon name="save" />
            {text("page.notes.save")}
          </button>
        )}
      </div>
    </section>
  );
}
