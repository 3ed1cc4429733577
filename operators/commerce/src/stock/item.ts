import type { Fields } from '../shared/fields.js';

/**
 * One product of one stock. Every unit is in exactly one place, and every unit that was promised has one fate:
 * `opening + restocked = free + held + sold` and `accepted = held + sold + released + expired`.
 */
export interface Item {
  opening: number;
  restocked: number;
  /** Units nobody has. */
  free: number;
  /** Units reserved and neither committed nor given back. */
  held: number;
  sold: number;
  /** Units ever reserved. */
  accepted: number;
  released: number;
  expired: number;
  /** Units asked for and not given. */
  refused: number;
  /** Lines that asked for units. */
  requests: number;
}

export function newItem(opening: number): Item {
  return {
    opening,
    restocked: 0,
    free: opening,
    held: 0,
    sold: 0,
    accepted: 0,
    released: 0,
    expired: 0,
    refused: 0,
    requests: 0,
  };
}

/** Writes the row of the ledger. `oversold` compares what was promised with what ever came in, not with `free`: it is a check, not a copy. */
export function writeLedger(item: Item, row: Fields): void {
  const promised = item.held + item.sold;
  const cameIn = item.opening + item.restocked;
  row.opening = item.opening;
  row.restocked = item.restocked;
  row.available = item.free;
  row.reserved = item.held;
  row.sold = item.sold;
  row.accepted = item.accepted;
  row.released = item.released;
  row.expired = item.expired;
  row.refused = item.refused;
  row.requests = item.requests;
  row.oversold = Math.max(0, promised - cameIn, -item.free);
  row.balanced = cameIn === item.free + promised && item.accepted === promised + item.released + item.expired;
}
