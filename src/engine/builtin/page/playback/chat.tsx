import { useEffect, useRef, useState } from "preact/hooks";
import { Linked } from "../parts/linked.js";
import { number, text } from "../texts.js";
import { type PlayedMessage, readMessages } from "./playback-data.js";
import { now, seek } from "./video.js";

const MINUTE = 60;

/** Minutes and seconds, hours where there are any. */
function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / MINUTE / MINUTE), Math.floor(whole / MINUTE) % MINUTE, whole % MINUTE];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, at) => `${at > 0 && part < 10 ? number(0) : ""}${number(part)}`).join(":");
}

interface Shown {
  message: PlayedMessage;
  state: "past" | "now" | "later";
}

function Message({ message: { name, body, seconds }, state }: Shown) {
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (state === "now") item.current?.scrollIntoView({ block: "nearest" });
  }, [state]);
  const open = ({ target }: Event) => {
    if (target instanceof Element && target.closest("a")) return;
    seek(seconds);
  };
  return (
    <li ref={item} class={`played ${state}`} aria-current={state === "now" ? "true" : undefined} onClick={open}>
      <button type="button" class="quiet" aria-label={text("page.playback.from", { time: clock(seconds) })}>
        <bdi dir="ltr">{clock(seconds)}</bdi>
      </button>
      <div>
        <p class="by">
          <bdi>{name}</bdi>
        </p>
        <p class="body" dir="auto">
          <Linked text={body} />
        </p>
      </div>
    </li>
  );
}

export function Chat() {
  const [messages, setMessages] = useState<PlayedMessage[] | "FAILED" | undefined>(undefined);
  useEffect(() => {
    readMessages().then(
      (read) => setMessages(read?.messages ?? []),
      () => setMessages("FAILED"),
    );
  }, []);
  if (messages === undefined) return null;
  if (messages === "FAILED") return <p class="empty">{text("page.playback.noChat")}</p>;
  const current = messages.findLastIndex(({ seconds }) => seconds <= now.value);
  return (
    <>
      <h2 id="chat-heading">{text("page.chat")}</h2>
      {messages.length === 0 && <p class="empty">{text("page.playback.emptyChat")}</p>}
      <ol role="list" tabIndex={0} aria-labelledby="chat-heading">
        {messages.map((message, at) => (
          <Message
            key={message.id}
            message={message}
            state={at === current ? "now" : at < current ? "past" : "later"}
          />
        ))}
      </ol>
    </>
  );
}
