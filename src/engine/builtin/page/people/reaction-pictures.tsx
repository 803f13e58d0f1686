import type { ComponentChildren } from "preact";
import type { Reaction } from "../line/frames.js";

// Drawn here: not every device has a font with pictures.
const face = (
  <>
    <circle cx="12" cy="12" r="10" fill="#ffc83d" />
    <circle cx="8.5" cy="10" r="1.4" fill="#4a3410" />
    <circle cx="15.5" cy="10" r="1.4" fill="#4a3410" />
  </>
);

const pictures: Record<Reaction, ComponentChildren> = {
  "thumbs-up": (
    <>
      <path d="M2.5 10.5h4v10h-4z" fill="#2f7fd1" />
      <path
        d="M7.5 10.5 12 2.2c1.8 0 2.9 1.3 2.6 3.1L14 9h5.2c1.5 0 2.6 1.4 2.2 2.9l-1.8 7c-.3 1-1.2 1.6-2.2 1.6H7.500z"
        fill="#ffc83d"
      />
    </>
  ),
  clap: (
    <>
      <path
        d="m5 12.5 5.8-5.8c1.4-1.4 3.3.4 2 1.8l3.1-3.100c1.4-1.4 3.3.5 1.9 1.900l1.3-.4c1.3-.3 2.1 1 1.4 2.100l-1.2 2 .6 3.500c.4 2.5-3.9 7.5-7.9 7.5-3 0-5.3-1.6-7-4.500z"
        fill="#ffc83d"
      />
      <path
        d="M7.5 4.5 6.5 2M4.5 7 2 6.300M10.7 3.500l.3-2.3"
        stroke="#2f7fd1"
        stroke-width="1.7"
        stroke-linecap="round"
      />
    </>
  ),
  heart: (
    <path
      d="M12 21C5 15.6 2 12.2 2 8.4 2 5.4 4.3 3 7.2 3c1.9 0 3.7 1 4.8 2.700C13.1 4 14.9 3 16.8 3 19.7 3 22 5.4 22 8.4c0 3.8-3 7.2-10 12.600z"
      fill="#e0364f"
    />
  ),
  laugh: (
    <>
      {face}
      <path d="M6.5 13.500h11a5.5 5.5 0 0 1-11 0z" fill="#4a3410" />
      <path d="M9 17.700a5.5 5.5 0 0 0 6 0 3.4 3.4 0 0 0-6 0z" fill="#e0364f" />
    </>
  ),
  surprise: (
    <>
      {face}
      <ellipse cx="12" cy="16.2" rx="2.3" ry="2.9" fill="#4a3410" />
    </>
  ),
  celebrate: (
    <>
      <path d="M2.5 21.5 7.8 8.200l8 8z" fill="#ffc83d" />
      <path d="m5.7 13.5 5 5.200M7 10.200l7.5 7.4" stroke="#e0364f" stroke-width="1.5" />
      <path
        d="M12 7.500c.3-2.3 1.5-3.6 3.5-4M16.5 12c2-1.3 3.7-1.3 5-.3M13.8 9.8l4.7-4.5"
        stroke="#2f7fd1"
        stroke-width="1.7"
        stroke-linecap="round"
        fill="none"
      />
      <circle cx="10" cy="4" r="1.2" fill="#2f9e6b" />
      <circle cx="20" cy="8" r="1.2" fill="#e0364f" />
      <circle cx="19.5" cy="16" r="1.2" fill="#2f9e6b" />
    </>
  ),
};

export function ReactionPicture({ what }: { what: Reaction }) {
  return (
    <svg class="picture" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {pictures[what]}
    </svg>
  );
}
