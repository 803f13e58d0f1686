// Where each tile stands, in the film's own measure.

export const width = 1280;
export const height = 720;

export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

const headHeight = 48;
const margin = 16;
const gap = 12;
const ratio = 16 / 9;
/** Of those who are not large. */
const rowHeight = 132;

/** As many columns as make the tiles largest. */
function columnsFor(count: number, of: Place): number {
  const sizeWith = (columns: number) => {
    const rows = Math.ceil(count / columns);
    const across = (of.width - gap * (columns - 1)) / columns;
    const down = (of.height - gap * (rows - 1)) / rows;
    return Math.min(across, down * ratio);
  };
  const all = Array.from({ length: count }, (_, at) => at + 1);
  return all.reduce((best, each) => (sizeWith(each) > sizeWith(best) ? each : best), 1);
}

function grid(count: number, of: Place, columns: number): Place[] {
  const rows = Math.ceil(count / columns);
  const across = (of.width - gap * (columns - 1)) / columns;
  const down = (of.height - gap * (rows - 1)) / rows;
  return Array.from({ length: count }, (_, at) => {
    const row = Math.floor(at / columns);
    // The last row may be shorter: it stands in the middle.
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const indent = ((columns - inRow) * (across + gap)) / 2;
    return {
      x: of.x + indent + (at % columns) * (across + gap),
      y: of.y + row * (down + gap),
      width: across,
      height: down,
    };
  });
}

const stage: Place = { x: margin, y: headHeight, width: width - 2 * margin, height: height - headHeight - margin };

function fromLeft(count: number, hasLarge: boolean): Place[] {
  if (count === 0) return [];
  if (!hasLarge) return grid(count, stage, columnsFor(count, stage));
  if (count === 1) return [stage];
  const large = { ...stage, height: stage.height - rowHeight - gap };
  const row = { ...stage, y: stage.y + large.height + gap, height: rowHeight };
  // Few are no wider than they are in a full row.
  return [large, ...grid(count - 1, row, Math.max(count - 1, 5))];
}

/** One place for each tile, in their order; the first one is the large one where there is one. */
export function places(count: number, hasLarge: boolean, direction: "rtl" | "ltr"): Place[] {
  const all = fromLeft(count, hasLarge);
  if (direction === "ltr") return all;
  return all.map((place) => ({ ...place, x: width - place.x - place.width }));
}
