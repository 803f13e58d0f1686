import { isOn, locks, lockTexts, settings } from "../moderation/settings.js";
import { pageData } from "../page-data.js";
import { Dialog } from "../parts/dialog.js";
import { Linked } from "../parts/linked.js";
import { text } from "../texts.js";
import { closeDialog, dialog } from "./dialogs.js";

/** The switches as they act now; the last three are decided before the session. */
function Switches() {
  const mayBeRecorded = settings.value["record"] === true;
  const rows = [
    ...locks.map((lock) => [lock, text(lockTexts[lock]), isOn(lock)] as const),
    ["record", text("page.setting.record"), mayBeRecorded] as const,
    ...(["autoStartRecording", "allowStartStopRecording"] as const).map(
      (name) => [name, text(`page.setting.${name}`), mayBeRecorded && settings.value[name] === true] as const,
    ),
  ];
  return (
    <section class="choices" aria-labelledby="switches">
      <h3 id="switches">{text("page.settings")}</h3>
      <dl class="switches">
        {rows.map(([name, label, on]) => (
          <div key={name} data-setting={name}>
            <dt>{label}</dt>
            <dd class={on ? "on" : ""}>{text(on ? "page.setting.on" : "page.setting.off")}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The whole title, the welcome text once more, and what holds in this session. */
export function AboutDialog() {
  return (
    <Dialog
      id="about-dialog"
      isOpen={dialog.value.what === "about"}
      onClose={closeDialog}
      heading={<bdi>{pageData.title || text("page.untitled")}</bdi>}
    >
      {pageData.welcome && (
        <p class="welcome" dir="auto">
          <Linked text={pageData.welcome} />
        </p>
      )}
      <Switches />
    </Dialog>
  );
}
