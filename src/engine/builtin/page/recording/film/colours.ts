// The page's own colours, as its styles have them just now: light or dark, and each avatar's.

export interface Colours {
  ground: string;
  card: string;
  line: string;
  text: string;
  tile: string;
  speaks: string;
  font: string;
  avatar(hue: number): { ground: string; letter: string };
}

/** An avatar's colours are made of variables; only the browser knows what becomes of them. */
function avatarOf(hue: number): { ground: string; letter: string } {
  const probe = document.createElement("span");
  probe.className = `avatar hue-${hue}`;
  probe.hidden = true;
  document.body.append(probe);
  const { backgroundColor, color } = getComputedStyle(probe);
  probe.remove();
  return { ground: backgroundColor, letter: color };
}

function read(): Colours {
  const root = getComputedStyle(document.documentElement);
  const named = (name: string) => root.getPropertyValue(`--${name}`).trim();
  const avatars = new Map<number, ReturnType<typeof avatarOf>>();
  return {
    ground: named("ground"),
    card: named("card"),
    line: named("line"),
    text: named("text"),
    tile: named("tile"),
    speaks: named("speaks"),
    font: getComputedStyle(document.body).fontFamily,
    avatar(hue) {
      const known = avatars.get(hue) ?? avatarOf(hue);
      avatars.set(hue, known);
      return known;
    },
  };
}

/** Read once for each of the two. */
export function colours(): () => Colours {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let known: { isDark: boolean; colours: Colours } | undefined;
  return () => {
    if (known?.isDark !== dark.matches) known = { isDark: dark.matches, colours: read() };
    return known.colours;
  };
}
