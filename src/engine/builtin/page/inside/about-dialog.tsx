import { pageData } from "../page-data.js";
import { Dialog } from "../parts/dialog.js";
import { Linked } from "../parts/linked.js";
import { text } from "../texts.js";
import { closeDialog, dialog } from "./dialogs.js";

/** The whole title, and the welcome text once more. */
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
    </Dialog>
  );
}
