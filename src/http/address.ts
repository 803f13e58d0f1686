/** `graphql` of `/graphql/stream?x`; nothing of the address of the start page. */
const beginning = (url: string): string => /^\/([^/?]*)/.exec(url)?.[1] ?? "";

/** `http://host/path`, as programs send it that take us for a proxy, is the same as `/path` (RFC 9112, 3.2.2). */
const originForm = (url: string): string =>
  url.replace(/^https?:\/\/[^/?#]*(?=(.?))/i, (_, next) => (next === "/" ? "" : "/"));

/** Of a base that ends with a slash and a path that begins with one. */
const oneSlash = (url: string): string => url.replace(/^\/{2,}/, "/");

/**
 * What a request's target means here, before it is routed. PUBLIC_URL may carry a path; whether the proxy in front
 * strips it or not, both work. Where it is cut off already, what is left may begin like it (`/api`): cut once more, it
 * would be none of our addresses.
 * @param base PUBLIC_URL's path without a slash at its end; empty where it has none
 * @param ours how all of our addresses begin; filled while the doors are opened
 */
export const addressOf =
  (base: string, ours: ReadonlySet<string>) =>
  (request: { url?: string | undefined }): string => {
    const url = oneSlash(originForm(request.url ?? "/"));
    const rest = url.startsWith(`${base}/`) ? oneSlash(url.slice(base.length)) : url;
    return ours.has(beginning(rest)) ? rest : url;
  };

/** @returns notes how each route's address begins */
export const noteBeginning =
  (ours: Set<string>) =>
  ({ url }: { url: string }): void =>
    void ours.add(beginning(url));
