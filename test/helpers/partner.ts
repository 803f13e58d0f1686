import type { Gateway } from "./boot.js";

/**
 * A partner who calls v1 at a server of its own process, or at what stands before several. Where they don't keep their lines,
 * each call goes over a new one, to whichever server is ready.
 */
export function partnerOf(url: string, key: string, { keepsLines = true } = {}): Gateway {
  const v1: Gateway["v1"] = async (path, { method = "GET", body } = {}) => {
    const headers = { license: key, "content-type": "application/json", ...(!keepsLines && { connection: "close" }) };
    const response = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  };
  return { v1 } as Gateway;
}
