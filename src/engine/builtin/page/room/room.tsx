import { pageData } from "../page-data.js";
import { PeoplePanel } from "../people/people-panel.js";
import { isModerator } from "../people/people.js";
import { text } from "../texts.js";
import { Welcome } from "../walk/door.js";
import { ending, isConnected } from "../walk/state.js";
import { leave } from "../walk/walk.js";
import { EndDialog } from "./end-dialog.js";

export function Room() {
  return (
    <section id="room" aria-labelledby="who">
      <PeoplePanel />
      {pageData.welcome && (
        <details class="card">
          <summary>{text("page.welcome")}</summary>
          <Welcome />
        </details>
      )}
      <div class="actions">
        <button id="leave" type="button" onClick={() => void leave()}>
          {text("page.leave")}
        </button>
        {isModerator.value && (
          <button
            id="end"
            class="danger"
            type="button"
            aria-haspopup="dialog"
            disabled={!isConnected.value || ending.value === "asked"}
            onClick={() => (ending.value = "asking")}
          >
            {text("page.end")}
          </button>
        )}
      </div>
      <EndDialog />
    </section>
  );
}
