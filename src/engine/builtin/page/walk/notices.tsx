import { goOnTo, pageData } from "../page-data.js";
import { text } from "../texts.js";
import { placeInLine } from "./state.js";
import { stopWaiting, takeBack } from "./walk.js";

export function Over() {
  return (
    <section id="over" class="card notice">
      <h2 tabIndex={-1}>{text("page.over.heading")}</h2>
      <p>{text("page.over.explanation")}</p>
      {goOnTo && (
        <a id="go-on" class="button primary" rel="noreferrer" href={goOnTo}>
          {text("page.goOn")}
        </a>
      )}
    </section>
  );
}

export function OtherOrigin() {
  return (
    <section id="other-origin" class="card notice">
      <h2 tabIndex={-1}>{text("page.otherOrigin.heading")}</h2>
      <p>{text("page.otherOrigin.explanation")}</p>
      <p>
        <bdi dir="ltr">{new URL(pageData.joinAddress).origin}</bdi>
      </p>
      <a id="right-address" class="button primary" rel="noreferrer" href={pageData.joinAddress + location.search}>
        {text("page.otherOrigin.goThere")}
      </a>
    </section>
  );
}

export function Elsewhere() {
  return (
    <section id="elsewhere" class="card notice">
      <h2 tabIndex={-1}>{text("page.elsewhere.heading")}</h2>
      <p>{text("page.elsewhere.explanation")}</p>
      <button id="take-back" class="primary" type="button" onClick={takeBack}>
        {text("page.takeBack")}
      </button>
    </section>
  );
}

export function Removed() {
  return (
    <section id="removed" class="card notice">
      <h2 tabIndex={-1}>{text("page.removed.heading")}</h2>
      <p>{text("page.removed.explanation")}</p>
    </section>
  );
}

export function Waiting() {
  return (
    <section id="waiting" class="card notice">
      <h2 tabIndex={-1}>{text("page.waiting.heading")}</h2>
      <p class="place" role="status">
        {text("page.waiting.place", { place: placeInLine.value })}
      </p>
      <p>{text("page.waiting.explanation")}</p>
      <button id="stop-waiting" type="button" onClick={stopWaiting}>
        {text("page.waiting.stop")}
      </button>
    </section>
  );
}
