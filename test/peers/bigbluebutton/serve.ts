import { startPeer } from "./peer.js";

// Such a server in a process of its own, for whoever measures the gateway: its first line says where it is. It ends with
// whoever started it.
const { url, secret } = await startPeer();
process.stdout.write(`${JSON.stringify({ url, secret })}\n`);
process.stdin.resume().on("end", () => process.exit());
