const PATIENCE_MS = 8000;

const { script, endpoint, instead, options } = JSON.parse(document.getElementById("preset").textContent);

const openConsole = () => location.replace(instead);

function openSandbox() {
  // The address this page was opened by, which may be another than PUBLIC_URL's.
  const initialEndpoint = new URL(endpoint, location.href).href;
  const initialSubscriptionEndpoint = initialEndpoint.replace(/^http/, "ws");
  return new window.EmbeddedSandbox({ target: "#sandbox", initialEndpoint, initialSubscriptionEndpoint, ...options });
}

const tag = document.createElement("script");
tag.src = script;
tag.addEventListener("load", openSandbox);
tag.addEventListener("error", openConsole);
document.head.append(tag);
// A network that swallows what it does not let through.
setTimeout(() => {
  if (!window.EmbeddedSandbox) openConsole();
}, PATIENCE_MS);
