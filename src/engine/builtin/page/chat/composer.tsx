import { Icon } from "../parts/icons.js";
import { direction, text } from "../texts.js";
import { conversation, everyoneReads, lockOf, partners } from "./chat.js";
import { drafts, lengthOf, mostCharacters, setDraft, write } from "./outbox.js";

/** From here on one is told how much is left. */
const nearlyAll = mostCharacters - 300;

function Locked({ lock, name }: { lock: NonNullable<ReturnType<typeof lockOf>>; name: string }) {
  return (
    <p class="locked" role="note">
      <Icon name="lock" />
      <span>{text(`page.chat.${lock}`, { name })}</span>
    </p>
  );
}

function Counter({ length }: { length: number }) {
  if (length < nearlyAll) return null;
  const isTooLong = length > mostCharacters;
  return (
    <p id="counter" class={isTooLong ? "counter problem" : "counter"}>
      {isTooLong
        ? text("page.chat.tooLong", { count: length - mostCharacters })
        : text("page.chat.length", { count: length, most: mostCharacters })}
    </p>
  );
}

/** Safari ends a composition before it tells of the key that ended it: only the key's old number still says so. */
const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;

export function Composer() {
  const to = conversation.value;
  const name = partners.value.get(to) ?? "";
  const lock = lockOf(to);
  if (lock) return <Locked lock={lock} name={name} />;
  const draft = drafts.value.get(to) ?? "";
  const length = lengthOf(draft);
  const canSend = draft.trim() !== "" && length <= mostCharacters;
  const send = () => canSend && write(to, draft.trim());
  const label = to === everyoneReads ? text("page.chat.write") : text("page.chat.writeTo", { name });
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Counter length={length} />
      <textarea
        id="message"
        rows={1}
        aria-label={label}
        placeholder={label}
        aria-describedby={length >= nearlyAll ? "counter" : undefined}
        aria-invalid={length > mostCharacters}
        // Of an empty field the browser would take the direction from nothing, and turn the hint's end around.
        dir={draft === "" ? direction : "auto"}
        enterkeyhint="send"
        value={draft}
        onInput={({ currentTarget }) => setDraft(to, currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
          event.preventDefault();
          send();
        }}
      />
      <button id="send" class="primary round" type="submit" aria-label={text("page.chat.send")} disabled={!canSend}>
        <Icon name="send" />
      </button>
    </form>
  );
}
