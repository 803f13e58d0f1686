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
const answerWithinMs = 10_000;
const shortestDelayMs = 500;
const longestDelayMs = 5_000;
const goodbyeWithinMs = 1_000;

/**
 * `tell` hears: `entered(frame)`, `joined(person)`, `left(person)`, `refused(message)` (a wish refused while inside),
 * `lost()` (coming back by itself) and `stopped(code, message)` (not coming back; code is 0 when nothing answered).
 */
export function createConnection(address, link, tell) {
  let socket = null; // the one that counts: whatever an older one still says is not heard
  let inside = false;
  let attempts = 0;
  let timer;

  function open() {
    clearTimeout(timer);
    const current = new WebSocket(address);
    const send = (frame) => current.send(JSON.stringify(frame));
    let entered = false;
    let message = "";

    const closedWith = (code) => {
      if (socket !== current) return;
      drop();
      if (final.has(code)) stop(code, message);
      else if (inside) retry();
      else stop(0, message);
    };

    const heard = {
      entered: (frame) => {
        clearTimeout(timer);
        entered = inside = true;
        attempts = 0;
        tell.entered(frame);
      },
      joined: (frame) => entered && tell.joined(frame.person),
      left: (frame) => entered && tell.left(frame.person),
      ended: () => closedWith(closed.ended),
      refused: (frame) => {
        if (entered) tell.refused(frame.message);
        else message = frame.message ?? ""; // the close code that follows says which refusal it is
      },
    };

    socket = current;
    timer = setTimeout(closedWith, answerWithinMs, 0);
    current.addEventListener("open", () => send({ type: "enter", link }));
    current.addEventListener("close", ({ code }) => closedWith(code));
    current.addEventListener("message", ({ data }) => {
      if (socket !== current) return;
      const frame = parse(data);
      if (frame && Object.hasOwn(heard, frame.type)) heard[frame.type](frame);
    });
  }

  function drop() {
    clearTimeout(timer);
    const old = socket;
    socket = null;
    old?.close();
  }

  function stop(code, message) {
    inside = false;
    tell.stopped(code, message);
  }

  // Jittered, so that a room full of people doesn't come back in one instant after a restart.
  function retry() {
    const spread = Math.min(longestDelayMs - shortestDelayMs, shortestDelayMs * 2 ** attempts);
    attempts += 1;
    timer = setTimeout(open, shortestDelayMs + Math.random() * spread);
    tell.lost();
  }

  function say(frame) {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  return {
    /** `wasInside`: a reload, which keeps trying as someone inside does. */
    enter({ wasInside = false } = {}) {
      drop();
      inside = wasInside;
      attempts = 0;
      open();
    },

    /** The network came back: what was open before is likely dead, and the new socket takes its place over. */
    refresh() {
      if (!inside) return;
      drop();
      open();
    },

    /** Whether the wish went out. */
    end: () => say({ type: "end" }),

    /** Done when the server has heard it, or can't: leaving never waits for long. */
    leave() {
      const old = say({ type: "leave" }) ? socket : null;
      inside = false;
      drop();
      if (!old) return Promise.resolve();
      return new Promise((resolve) => {
        old.addEventListener("close", resolve);
        setTimeout(resolve, goodbyeWithinMs);
      });
    },
  };
}

function parse(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
