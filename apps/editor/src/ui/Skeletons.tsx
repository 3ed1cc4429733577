import type { ReactNode } from 'react';

/** `count` equal placeholders. */
export function repeat(count: number, make: (key: string) => ReactNode): ReactNode[] {
  return Array.from({ length: count }, (_, n) => make(`s${n}`));
}

/** Items that have no identity of their own, with keys by their place: for lists that are only ever shown as a whole. */
export function placed<T>(list: readonly T[]): Array<{ key: string; item: T; n: number }> {
  return list.map((item, n) => ({ key: `p${n}`, item, n }));
}
