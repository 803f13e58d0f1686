import { useEffect, useRef } from "preact/hooks";
import { Linked } from "../parts/linked.js";
import { fullName, pageData } from "../page-data.js";
import { text } from "../texts.js";
import { door } from "./state.js";
import { enter } from "./walk.js";

/** The sentence around the name, which keeps its own direction. */
function EntersAs() {
  const [before, after] = text("page.enterAs").split("{name}");
  return (
    <p class="enters-as">
      {before}
      <strong>
        <bdi>{fullName}</bdi>
      </strong>
      {after}
    </p>
  );
}

export function Welcome() {
  return (
    <p class="welcome" dir="auto">
      <Linked text={pageData.welcome ?? ""} />
    </p>
  );
}

export function Door() {
  const { canEnter, isEntering, isAgain } = door.value;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // It lost the focus while it was disabled.
    if (!isEntering && document.activeElement === document.body) button.current?.focus();
  }, [isEntering]);
  return (
    <section id="door" class="card">
      {fullName && <EntersAs />}
      {pageData.welcome && <Welcome />}
      {canEnter && (
        <div class="way-in">
          <button id="enter" ref={button} class="primary" type="button" disabled={isEntering} onClick={() => enter()}>
            {text(isAgain ? "page.enterAgain" : "page.enter")}
          </button>
        </div>
      )}
    </section>
  );
}
