// One person's way into the room: a socket that comes back by itself for as long as the server doesn't say no.

/** Why the server closed for good; any other code is an accident, worth coming back from. */
export const closed = {
  ended: 4000,
  elsewhere: 4001,
  PROTOCOL: 4400,
  LINK_TAMPERED: 4403,
  ATTENDANCE_LIMIT_REACHED: 4409,
  SESSION_OVER: 4410,
};

const final = new Set(Object.values(closed));
/** The server restarts, or its database can't take the entry now. */
const soonAgain = new Set([1012, 1013]);
const answerWithinMs = 10_000;
const shortestDelayMs = 500;
const longestDelayMs = 5_000;
const goodbyeWithinMs = 1_000;
const stillHereSeconds = 20; // until the server says otherwise
const silentAfter = (seconds) => 2.5 * seconds * 1000; // two frames in a row are missed

/**
 * `tell` hears: `entered(frame)`, `joined(person)`, `left(person)`, `refused(message)` (a wish refused while inside),
 * `lost({ wasInside })` (coming back by itself) and `stopped(code, message)` (not coming back; code is 0 when nothing answered).
 */
export function createLine(address, link, tell) {
  let socket = null; // the one that counts: whatever an older one still says is not heard
  let wasInside = false;
  let persists = false; // comes back by itself
  let attempts = 0;
  let timer;

  function open() {
    clearTimeout(timer);
    const current = new WebSocket(address);
    let entered = false;
    let message = "";
    let silentAfterMs = answerWithinMs;

    const closedWith = (code) => {
      if (socket !== current) return;
      drop();
      if (!final.has(code) && (persists || soonAgain.has(code))) return retry();
      persists = false;
      tell.stopped(final.has(code) ? code : 0, message);
    };

    const heard = {
      entered: (frame) => {
        entered = wasInside = persists = true;
        attempts = 0;
        silentAfterMs = silentAfter(stillHereSeconds);
        tell.entered(frame);
      },
      "still-here": (frame) => {
        silentAfterMs = silentAfter(frame.everySeconds);
      },
      joined: (frame) => entered && tell.joined(frame.person),
      left: (frame) => entered && tell.left(frame.person),
      ended: () => closedWith(closed.ended),
      refused: (frame) => {
        if (entered) tell.refused(frame.message);
        else message = frame.message ?? ""; // the close code that follows says which refusal it is
      },
    };

    // A line can die without closing. Nothing heard for too long, not even that the server is still there: it is dead.
    const listen = () => {
      clearTimeout(timer);
      timer = setTimeout(closedWith, silentAfterMs, 0);
    };

    socket = current;
    listen();
    current.addEventListener("open", () => current.send(JSON.stringify({ type: "enter", link })));
    current.addEventListener("close", ({ code }) => closedWith(code));
    current.addEventListener("message", ({ data }) => {
      if (socket !== current) return;
      const frame = parse(data);
      if (frame && Object.hasOwn(heard, frame.type)) heard[frame.type](frame);
      if (entered && socket === current) listen();
    });
  }

  function drop() {
    clearTimeout(timer);
    const old = socket;
    socket = null;
    old?.close();
  }

  function retry() {
    persists = true;
    timer = setTimeout(open, delayBefore(attempts));
    attempts += 1;
    tell.lost({ wasInside });
  }

  function say(frame) {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  return {
    /** `comesBack`: a reload, which keeps trying as someone inside does. */
    enter({ comesBack = false } = {}) {
      drop();
      wasInside = persists = comesBack;
      attempts = 0;
      open();
    },

    /** The network came back: what was open before is likely dead, and the new socket takes its place over. */
    refresh() {
      if (!persists) return;
      drop();
      open();
    },

    /** Whether the wish went out. */
    end: () => say({ type: "end" }),

    /** Done when the server has heard it, or can't: leaving never waits for long. */
    leave() {
      const old = say({ type: "leave" }) ? socket : null;
      persists = false;
      drop();
      return old ? goodbye(old) : Promise.resolve();
    },
  };
}

// Jittered, so that a room full of people doesn't come back in one instant after a restart.
function delayBefore(attempts) {
  const spread = Math.min(longestDelayMs - shortestDelayMs, shortestDelayMs * 2 ** attempts);
  return shortestDelayMs + Math.random() * spread;
}

function goodbye(socket) {
  return new Promise((resolve) => {
    socket.addEventListener("close", resolve);
    setTimeout(resolve, goodbyeWithinMs);
  });
}

function parse(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
