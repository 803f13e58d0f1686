import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { announcement } from "./announce/announce.js";
import { allUnread } from "./chat/chat.js";
import { pageData } from "./page-data.js";
import { number, text } from "./texts.js";
import { Door } from "./walk/door.js";
import { inside } from "./walk/inside.js";
import { Elsewhere, OtherOrigin, Over, Removed, Waiting } from "./walk/notices.js";
import { door, status, type View, view } from "./walk/state.js";

function Room() {
  const there = inside.value;
  return there ? <there.Room /> : <></>;
}

function RecordingMark() {
  const there = inside.value;
  return there ? <there.RecordingMark /> : <></>;
}

const views: Record<View, () => preact.JSX.Element> = {
  door: Door,
  waiting: Waiting,
  room: Room,
  over: Over,
  removed: Removed,
  "other-origin": OtherOrigin,
  elsewhere: Elsewhere,
};

// They stand outside the views: a live region is only heard when it was there before its text.
function Heard() {
  const { sentence, tone } = status.value;
  return (
    <>
      <p id="status" role="status" aria-live="polite" data-tone={tone}>
        {sentence}
      </p>
      <p id="announcements" class="heard-only" role="log" aria-live="polite">
        {announcement.value}
      </p>
    </>
  );
}

export function App() {
  const shown = view.value;
  const View = views[shown];
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const isFull = shown === "door" && door.value.isFull;
  const title = pageData.title || text("page.untitled");
  useSignalEffect(() => {
    document.body.dataset["view"] = view.value;
    document.title = allUnread.value > 0 ? `(${number(allUnread.value)}) ${title}` : title;
  });
  // To the new view's heading: the element that had the focus is gone.
  useLayoutEffect(() => {
    if (isFirst.current) return void (isFirst.current = false);
    const heading = main.current?.querySelector<HTMLElement>("h2[tabindex]") ?? main.current?.querySelector("h1");
    heading?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [shown]);
  return (
    <main ref={main}>
      <header>
        <h1 id="title" tabIndex={-1} title={title}>
          <bdi>{isFull ? text("page.refused.ATTENDANCE_LIMIT_REACHED.heading") : title}</bdi>
        </h1>
        {shown === "room" && <RecordingMark />}
      </header>
      <Heard />
      <View />
    </main>
  );
}
