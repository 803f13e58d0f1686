import { linkParts } from "../../../../messages/links.js";

/** A text in which addresses can be opened, and nothing else means anything. */
export function Linked({ text }: { text: string }) {
  return (
    <>
      {linkParts(text).map(({ text: part, address }) =>
        address === undefined ? (
          part
        ) : (
          <a href={address} target="_blank" rel="noopener noreferrer nofollow">
            <bdi dir="ltr">{part}</bdi>
          </a>
        ),
      )}
    </>
  );
}
