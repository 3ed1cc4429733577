/** Sizes of the canvas at zoom 1, in px. Drawing, layout and linking all read them here. */
export const CARD_WIDTH = 184;
const HEAD = 46;
const FOOT = 30;
const ROW = 20;
export const PORT = 11;
export const GRID = 18;

/** Port rows are shown only when a side has more than one port. */
export const portRows = (inputs: number, outputs: number): number =>
  inputs > 1 || outputs > 1 ? Math.max(inputs, outputs) : 0;
export const cardHeight = (inputs: number, outputs: number): number => HEAD + FOOT + ROW * portRows(inputs, outputs);
/** Centre of the n-th port of a side, from the card's top. */
export const portY = (index: number, rows: number): number =>
  rows > 0 ? HEAD + ROW / 2 + ROW * index : (HEAD + FOOT) / 2;

export type Level = 'full' | 'simple' | 'block' | 'dot';
export const levelOf = (zoom: number): Level =>
  zoom >= 0.75 ? 'full' : zoom >= 0.45 ? 'simple' : zoom >= 0.2 ? 'block' : 'dot';

export interface Curve {
  path: string;
  /** Beside the middle of the line, where a label goes. */
  label: { x: number; y: number };
  middle: { x: number; y: number };
  /** Arrow head at the end. */
  arrow: string;
}

/** Bezier from port to port; control points half the distance away, 24 to 150 px. */
export function curve(x1: number, y1: number, x2: number, y2: number): Curve {
  const reach = x2 >= x1 ? Math.min(Math.max(24, (x2 - x1) / 2), 150) : Math.min(150, 60 + Math.abs(y2 - y1) / 4);
  const path = `M${x1} ${y1}C${x1 + reach} ${y1} ${x2 - reach} ${y2} ${x2} ${y2}`;
  const middle = { x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
  // Tangent at the middle of the curve: 0.75 × ((p3 + p2) − (p1 + p0)).
  const tx = 0.75 * (2 * (x2 - x1) - 2 * reach);
  const ty = 1.5 * (y2 - y1);
  const length = Math.hypot(tx, ty) || 1;
  const steep = Math.abs(ty) / length;
  // Above a flat line; beside a steep one, on the side where neither end's card lies.
  const label =
    steep < 0.5
      ? { x: middle.x, y: middle.y - 13 }
      : ty > 0
        ? { x: middle.x + 30, y: middle.y - 26 }
        : { x: middle.x - 30, y: middle.y - 8 };
  // In a narrow gap between two columns the label stays in the gap.
  if (x2 - x1 < 120) label.x = x2 - x1 < 48 ? middle.x : Math.max(x1 + 24, Math.min(x2 - 24, label.x));
  return { path, label, middle, arrow: `M${x2 - 5} ${y2 - 4}l5 4l-5 4` };
}

/** Area and line of a sparkline in a box, highest value at the top, never below a tenth of it so that noise stays calm. */
export function sparkPaths(values: readonly number[], width: number, height: number): { line: string; area: string } {
  if (values.length < 2) return { line: `M0 ${height - 2}L${width} ${height - 2}`, area: '' };
  let max = 0;
  let min = Number.POSITIVE_INFINITY;
  for (const value of values) {
    if (value > max) max = value;
    if (value < min) min = value;
  }
  const low = max === min ? 0 : min * 0.9;
  const scale = max > low ? (height - 3) / (max - low) : 0;
  let line = '';
  for (let i = 0; i < values.length; i++) {
    const x = (i / (values.length - 1)) * width;
    const y = max === 0 ? height - 2 : height - 1 - (values[i]! - low) * scale;
    line += `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  return { line, area: `${line}L${width} ${height}L0 ${height}Z` };
}
