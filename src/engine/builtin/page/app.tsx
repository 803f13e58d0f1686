import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { pageData } from "./page-data.js";
import { Room } from "./room/room.js";
import { text } from "./texts.js";
import { Door } from "./walk/door.js";
import { Elsewhere, OtherOrigin, Over } from "./walk/notices.js";
import { status, view } from "./walk/state.js";

const views = { door: Door, room: Room, over: Over, "other-origin": OtherOrigin, elsewhere: Elsewhere };

// It stands outside the views: a live region is only heard when it was there before its text.
function Status() {
  const { sentence, tone } = status.value;
  return (
    <p id="status" role="status" aria-live="polite" data-tone={tone}>
      {sentence}
    </p>
  );
}

export function App() {
  const shown = view.value;
  const View = views[shown];
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useSignalEffect(() => void (document.body.dataset["view"] = view.value));
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
        <h1 id="title" tabIndex={-1}>
          <bdi>{pageData.title || text("page.untitled")}</bdi>
        </h1>
      </header>
      <Status />
      <View />
    </main>
  );
}
