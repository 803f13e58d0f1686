import { render } from "preact";
import { App } from "./app.js";
import { loadTexts } from "./texts.js";
import { beginToLoad } from "./walk/inside.js";
import { begin } from "./walk/walk.js";

await loadTexts();
const root = document.getElementById("app");
if (root) render(<App />, root);
beginToLoad(() => import("./inside/inside.js"));
begin();
