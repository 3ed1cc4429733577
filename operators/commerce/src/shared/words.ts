const UNITS: readonly [number, string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** A span of time for people: the greatest unit it fills, to one place. `5_400_000` is "1.5 h". */
export function spanWords(ms: number): string {
  for (const [unit, name] of UNITS) if (ms >= unit) return `${Math.round((10 * ms) / unit) / 10} ${name}`;
  return `${ms} ms`;
}

/** A number for people: four digits. */
export const shortNumber = (x: number): string => String(Number(x.toPrecision(4)));
