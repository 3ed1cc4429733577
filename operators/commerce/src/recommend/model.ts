import { compareKeys, type MapState } from '@millrace/sdk';
import type { Decay } from '../shared/decay.js';
import { strength } from './strength.js';

/** Another product in the same baskets: faded weight, its time, baskets with both. */
export interface Neighbour {
  w: number;
  t: number;
  n: number;
}
/** A product: its faded weight, the time of that, its neighbours by encoded id. */
export interface ItemRow {
  w: number;
  t: number;
  near: Map<string, Neighbour>;
}
/** A basket or visit that may still grow: time of its last record, encoded ids of its products. */
export interface BasketRow {
  t: number;
  items: string[];
}
/** A customer: time of the last record; [encoded id, time, 1 = bought] per product, the latest last. */
export interface UserRow {
  t: number;
  seen: [string, number, 0 | 1][];
}

export interface ModelSettings {
  decay: Decay;
  popularity: number;
  caution: number;
  minTogether: number;
  neighbours: number;
  maxItems: number;
  maxUsers: number;
  history: number;
  top: number;
}

/** A product in a list of recommendations, by encoded id. */
export interface Scored {
  id: string;
  score: number;
  /** Baskets with both (lists of products). */
  together: number;
  /** The product that speaks for it most (lists of customers). */
  because: string;
}

/** Bought products of a customer that are remembered, so that they are not recommended. */
const MAX_BOUGHT = 200;
/** Maps may grow this much beyond their limit before they are cut back to it: cutting costs a walk over all. */
const SLACK = 1.1;

const best = (a: Scored, b: Scored) => b.score - a.score || b.together - a.together || compareKeys(a.id, b.id);

/** Numbers of outputs: six digits, so that the rounding of sums does not show. */
const shown = (x: number) => Number(x.toPrecision(6));

export class Model {
  constructor(private readonly settings: ModelSettings) {}

  get remembersUsers(): boolean {
    return this.settings.maxUsers > 0;
  }

  /** Counts a product once for its basket, and with each product already there. */
  addToBasket(
    items: MapState<ItemRow, string>,
    basket: BasketRow | undefined,
    id: string,
    time: number,
    weight: number,
  ): void {
    const { decay, neighbours } = this.settings;
    const known = items.get(id);
    const row = known ?? { w: 0, t: time, near: new Map() };
    decay.add(row, time, weight);
    for (const other of basket?.items ?? []) {
      const there = items.get(other);
      if (there === undefined) continue;
      this.#meet(row, other, time, weight);
      this.#meet(there, id, time, weight);
      if (there.near.size > neighbours * SLACK + 8) this.#prune(there, neighbours);
      items.set(other, there);
    }
    if (row.near.size > neighbours * SLACK + 8) this.#prune(row, neighbours);
    items.set(id, row);
    if (known === undefined && items.size > this.settings.maxItems * SLACK) this.#forgetItems(items, time);
  }

  #meet(row: ItemRow, other: string, time: number, weight: number): void {
    const kept = row.near.get(other);
    if (kept === undefined) row.near.set(other, { w: weight, t: time, n: 1 });
    else {
      this.settings.decay.add(kept, time, weight);
      kept.n++;
    }
  }

  /** Keeps the strongest neighbours. */
  #prune(row: ItemRow, keep: number): void {
    const { decay } = this.settings;
    let latest = Number.NEGATIVE_INFINITY;
    for (const { t } of row.near.values()) if (t > latest) latest = t;
    const weight = (kept: Neighbour) => decay.at(kept.w, kept.t, latest);
    const sorted = [...row.near].sort((a, b) => weight(b[1]) - weight(a[1]) || compareKeys(a[0], b[0]));
    row.near = new Map(sorted.slice(0, keep));
  }

  #forgetItems(items: MapState<ItemRow, string>, now: number): void {
    const { decay, maxItems } = this.settings;
    const all = [...items.entries()].map(([id, { w, t }]) => ({ id, w: decay.at(w, t, now) }));
    all.sort((a, b) => a.w - b.w || compareKeys(a.id, b.id));
    for (const { id } of all.slice(0, all.length - maxItems)) items.delete(id);
  }

  /** Notes that a customer looked at or bought a product. */
  addToUser(users: MapState<UserRow, string>, user: string, id: string, time: number, bought: boolean): void {
    const old = users.get(user);
    const before = old?.seen.find(([other]) => other === id);
    const seen = (old?.seen ?? []).filter(([other]) => other !== id);
    const flag = bought || before?.[2] === 1 ? 1 : 0;
    seen.push([id, Math.max(time, before?.[1] ?? time), flag]);
    seen.sort((a, b) => a[1] - b[1] || compareKeys(a[0], b[0]));
    const views = seen.filter(([, , f]) => f === 0).length - this.settings.history;
    const purchases = seen.length - seen.filter(([, , f]) => f === 0).length - MAX_BOUGHT;
    const over = [views, purchases];
    const kept = views > 0 || purchases > 0 ? seen.filter(([, , f]) => over[f]! <= 0 || over[f]!-- <= 0) : seen;
    users.set(user, { t: Math.max(time, old?.t ?? time), seen: kept });
    if (old === undefined && users.size > this.settings.maxUsers * SLACK) this.#forgetUsers(users);
  }

  #forgetUsers(users: MapState<UserRow, string>): void {
    const all = [...users.entries()].map(([id, { t }]) => ({ id, t }));
    all.sort((a, b) => a.t - b.t || compareKeys(a.id, b.id));
    for (const { id } of all.slice(0, all.length - this.settings.maxUsers)) users.delete(id);
  }

  /** All that a product points to, by score; not cut. */
  related(items: MapState<ItemRow, string>, id: string, now: number): Scored[] {
    const { decay, popularity, caution, minTogether } = this.settings;
    const row = items.get(id);
    if (row === undefined) return [];
    const own = decay.at(row.w, row.t, now);
    const found: Scored[] = [];
    for (const [other, { w, t, n }] of row.near) {
      if (n < minTogether) continue;
      const there = items.get(other);
      if (there === undefined) continue;
      const score = strength(decay.at(w, t, now), own, decay.at(there.w, there.t, now), popularity, caution);
      if (score > 0) found.push({ id: other, score: shown(score), together: n, because: id });
    }
    return found.sort(best);
  }

  /** The list of a product. */
  topOf(items: MapState<ItemRow, string>, id: string, now: number): Scored[] {
    return this.related(items, id, now).slice(0, this.settings.top);
  }

  /** The list of a customer: what the products of the last visits point to, added up, without what was bought. */
  topFor(items: MapState<ItemRow, string>, user: UserRow, now: number): Scored[] {
    const { history, decay, top } = this.settings;
    const bought = new Set(user.seen.filter(([, , flag]) => flag === 1).map(([id]) => id));
    const basis = user.seen
      .slice(-history)
      .map(([id, time]) => ({ list: this.related(items, id, now), weight: decay.at(1, time, now) }));
    return blend(basis, bought).slice(0, top);
  }
}

/** Adds up lists of recommendations: the score of a product is the weighted sum of its scores. `without` never comes out. */
export function blend(
  lists: readonly { list: readonly Scored[]; weight: number }[],
  without: ReadonlySet<string>,
): Scored[] {
  const sums = new Map<string, Scored & { most: number }>();
  for (const { list, weight } of lists) {
    for (const { id, score, together, because } of list) {
      if (without.has(id)) continue;
      const part = score * weight;
      const sum = sums.get(id);
      if (sum === undefined) sums.set(id, { id, score: part, together, because, most: part });
      else {
        sum.score += part;
        sum.together += together;
        if (part > sum.most) {
          sum.most = part;
          sum.because = because;
        }
      }
    }
  }
  const all = [...sums.values()];
  for (const sum of all) sum.score = shown(sum.score);
  return all.sort(best);
}
