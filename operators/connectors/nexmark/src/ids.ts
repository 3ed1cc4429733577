/** Which ids exist when an event happens (GeneratorConfig and the generators of apache/beam sdks/java/testing/nexmark). Ids here count from 0. */
import type { EventRandom } from './random.js';

/** Of every 50 events, 1 is a person, 3 are auctions and 46 are bids. */
export const EPOCH_EVENTS = 50;
export const EPOCH_AUCTIONS = 3;

/** Added to ids that count from 0. */
export const FIRST_PERSON = 1000;
export const FIRST_AUCTION = 1000;
export const FIRST_CATEGORY = 10;
export const CATEGORIES = 5;

/** Popular ids are the first of every hundred. */
const HOT_EVERY = 100;
/** Ids may be this far ahead: bids come before their auction. */
const LEAD = 10;
const ACTIVE_PEOPLE = 1000;
const AUCTIONS_IN_FLIGHT = 100;

export type Kind = 'persons' | 'auctions' | 'bids';

export function kindOf(event: number): Kind {
  const place = event % EPOCH_EVENTS;
  return place === 0 ? 'persons' : place <= EPOCH_AUCTIONS ? 'auctions' : 'bids';
}

/** The newest person at an event. */
export function lastPerson(event: number): number {
  return Math.floor(event / EPOCH_EVENTS);
}

/** The newest auction at an event; −1 before the first. */
export function lastAuction(event: number): number {
  const epoch = Math.floor(event / EPOCH_EVENTS);
  const place = event % EPOCH_EVENTS;
  if (place === 0) return epoch * EPOCH_AUCTIONS - 1;
  return epoch * EPOCH_AUCTIONS + Math.min(place, EPOCH_AUCTIONS) - 1;
}

/** One of the people of late, or one who comes soon. */
export function nextPerson(event: number, random: EventRandom): number {
  const people = lastPerson(event) + 1;
  const active = Math.min(people, ACTIVE_PEOPLE);
  return people - active + random.below(active + LEAD);
}

/** One of the auctions of late, or one that comes soon. */
export function nextAuction(event: number, random: EventRandom): number {
  const last = lastAuction(event);
  const lowest = Math.max(last - AUCTIONS_IN_FLIGHT, 0);
  return lowest + random.below(last - lowest + 1 + LEAD);
}

export function hotPerson(event: number): number {
  return Math.floor(lastPerson(event) / HOT_EVERY) * HOT_EVERY;
}

export function hotAuction(event: number): number {
  return Math.floor(Math.max(lastAuction(event), 0) / HOT_EVERY) * HOT_EVERY;
}
