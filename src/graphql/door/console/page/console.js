/** Editors that were looked at: whoever closes the variables again keeps them closed. */
const seen = new WeakSet();

/** The console has no option for it: its own heading is pressed once, where the variables below it are not there. */
function openVariables() {
  for (const panel of document.querySelectorAll(".variables-editor-container")) {
    if (seen.has(panel)) continue;
    seen.add(panel);
    if (!panel.querySelector("app-variables-editor")) panel.querySelector(".variables-editor--title")?.click();
  }
}

new MutationObserver(openVariables).observe(document.body, { childList: true, subtree: true });
