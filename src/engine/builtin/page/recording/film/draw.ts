// One picture of the film: the stage as the page arranges it.

import type { Colours } from "./colours.js";
import { height, type Place, places, width } from "./layout.js";
import type { Scene, Seen } from "./scene.js";
import { fitted, isolated } from "./words.js";

type Canvas = CanvasRenderingContext2D;
type Picture = { element: HTMLVideoElement; width: number; height: number };

const round = 14;
const speaksWidth = 4;
const captionHeight = 34;
const padding = 14;
const shade = "rgb(10 18 26 / 78%)";
const onShade = "#ffffff";

function rounded(canvas: Canvas, { x, y, width: across, height: down }: Place, radius: number): void {
  canvas.beginPath();
  canvas.roundRect(x, y, across, down, radius);
}

/** All of a screen, and of a large picture; of a small one as much as fills its place. */
function drawPicture(canvas: Canvas, { element, ...of }: Picture, place: Place, isWhole: boolean): void {
  const scales = [place.width / of.width, place.height / of.height];
  const scale = isWhole ? Math.min(...scales) : Math.max(...scales);
  const [across, down] = [of.width * scale, of.height * scale];
  canvas.drawImage(element, place.x + (place.width - across) / 2, place.y + (place.height - down) / 2, across, down);
}

function drawAvatar(canvas: Canvas, { monogram, hue }: Seen, place: Place, colours: Colours): void {
  const radius = Math.min(place.width, place.height) * 0.24;
  const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
  const { ground, letter } = colours.avatar(hue);
  canvas.beginPath();
  canvas.arc(x, y, radius, 0, 2 * Math.PI);
  canvas.fillStyle = ground;
  canvas.fill();
  canvas.fillStyle = letter;
  canvas.font = `700 ${Math.round(radius)}px ${colours.font}`;
  canvas.textAlign = "center";
  canvas.fillText(monogram, x, y);
}

function drawMute(canvas: Canvas, strokes: Path2D, x: number, y: number): void {
  canvas.save();
  canvas.translate(x, y);
  canvas.scale(0.75, 0.75);
  canvas.strokeStyle = onShade;
  canvas.lineWidth = 2;
  canvas.lineCap = canvas.lineJoin = "round";
  canvas.stroke(strokes);
  canvas.restore();
}

const iconWidth = 24;

function drawCaption(canvas: Canvas, seen: Seen, place: Place, { direction, screenOf }: Scene, mute: Path2D): void {
  const isRtl = direction === "rtl";
  const icon = seen.isMute ? iconWidth : 0;
  canvas.font = canvas.font.replace(/^.*?px/, "500 17px");
  const after = seen.isScreen ? ` ${screenOf}` : "";
  const most = place.width - 4 * padding - icon - canvas.measureText(after).width;
  const words = isolated(fitted(canvas, seen.name, most)) + after;
  const across = canvas.measureText(words).width + 2 * padding + icon;
  const y = place.y + place.height - captionHeight - 10;
  const x = isRtl ? place.x + place.width - across - 10 : place.x + 10;
  rounded(canvas, { x, y, width: across, height: captionHeight }, captionHeight / 2);
  canvas.fillStyle = shade;
  canvas.fill();
  if (icon > 0) drawMute(canvas, mute, isRtl ? x + across - padding - 18 : x + padding, y + 8);
  canvas.fillStyle = onShade;
  canvas.textAlign = "start";
  canvas.fillText(words, isRtl ? x + across - padding - icon : x + padding + icon, y + captionHeight / 2);
}

interface Drawn {
  seen: Seen;
  place: Place;
  picture: Picture | undefined;
}

function drawTile(canvas: Canvas, { seen, place, picture }: Drawn, scene: Scene, colours: Colours, mute: Path2D): void {
  canvas.save();
  rounded(canvas, place, round);
  canvas.clip();
  canvas.fillStyle = colours.tile;
  canvas.fillRect(place.x, place.y, place.width, place.height);
  if (picture) drawPicture(canvas, picture, place, seen.isScreen || seen.isLarge);
  else if (!seen.isScreen) drawAvatar(canvas, seen, place, colours);
  drawCaption(canvas, seen, place, scene, mute);
  canvas.restore();
  if (!seen.isSpeaking) return;
  rounded(canvas, place, round);
  canvas.lineWidth = speaksWidth;
  canvas.strokeStyle = colours.speaks;
  canvas.stroke();
}

function drawHead(canvas: Canvas, { title, direction }: Scene, colours: Colours): void {
  canvas.font = `600 20px ${colours.font}`;
  canvas.fillStyle = colours.text;
  canvas.textAlign = "start";
  canvas.fillText(isolated(fitted(canvas, title, width - 40)), direction === "rtl" ? width - 20 : 20, 25);
}

const strokes = new Map<string, Path2D>();
function strokesOf(path: string): Path2D {
  const known = strokes.get(path) ?? new Path2D(path);
  strokes.set(path, known);
  return known;
}

const isReady = ({ readyState, videoWidth }: HTMLVideoElement) => readyState >= 2 && videoWidth > 0;

export function draw(
  canvas: Canvas,
  scene: Scene,
  colours: Colours,
  videoOf: (track: MediaStreamTrack) => HTMLVideoElement,
): void {
  canvas.direction = scene.direction;
  canvas.textBaseline = "middle";
  canvas.fillStyle = colours.ground;
  canvas.fillRect(0, 0, width, height);
  drawHead(canvas, scene, colours);
  const where = places(scene.tiles.length, scene.tiles[0]?.isLarge ?? false, scene.direction);
  for (const [at, seen] of scene.tiles.entries()) {
    const place = where[at];
    if (!place) continue;
    const element = seen.track && videoOf(seen.track);
    const picture =
      element && isReady(element) ? { element, width: element.videoWidth, height: element.videoHeight } : undefined;
    drawTile(canvas, { seen, place, picture }, scene, colours, strokesOf(scene.muteStrokes));
  }
}
