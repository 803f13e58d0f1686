import { render } from "preact";
import { loadTexts } from "../texts.js";
import { Chat } from "./chat.js";
import { listen } from "./keys.js";
import { Tools } from "./tools.js";
import { follow } from "./video.js";

await loadTexts();
follow();
listen();
// The picture is in the page already, and plays without all this.
const [tools, chat] = ["tools", "chat"].map((id) => document.getElementById(id));
if (tools) render(<Tools />, tools);
if (chat) render(<Chat />, chat);
