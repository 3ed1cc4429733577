import { Channels } from './channels.js';
import {
  CATEGORIES,
  FIRST_AUCTION,
  FIRST_CATEGORY,
  FIRST_PERSON,
  hotAuction,
  hotPerson,
  lastAuction,
  lastPerson,
  nextAuction,
  nextPerson,
} from './ids.js';
import { EventRandom } from './random.js';

/** Times are ms since 1970, amounts are cents. `seq` is the event's id: it tells records of the same ms apart. */
export interface Person {
  id: number;
  name: string;
  emailAddress: string;
  creditCard: string;
  city: string;
  state: string;
  dateTime: number;
  extra: string;
  seq: number;
}

export interface Auction {
  id: number;
  itemName: string;
  description: string;
  initialBid: number;
  reserve: number;
  dateTime: number;
  expires: number;
  seller: number;
  category: number;
  extra: string;
  seq: number;
}

export interface Bid {
  auction: number;
  bidder: number;
  price: number;
  channel: string;
  url: string;
  dateTime: number;
  extra: string;
  seq: number;
}

const FIRST_NAMES = 'Peter,Paul,Luke,John,Saul,Vicky,Kate,Julie,Sarah,Deiter,Walter'.split(',');
const LAST_NAMES = 'Shultz,Abrams,Spencer,White,Bartels,Walton,Smith,Jones,Noris'.split(',');
const CITIES = 'Phoenix,Los Angeles,San Francisco,Boise,Portland,Bend,Redmond,Seattle,Kent,Cheyenne'.split(',');
const STATES = 'AZ,CA,ID,OR,WA,WY'.split(',');

/** Chances of a popular one: 1 − 1/ratio. */
const HOT_AUCTIONS = 2;
const HOT_SELLERS = 4;
const HOT_BIDDERS = 4;
/** Sizes that `extra` fills records up to, bytes. */
const PERSON_BYTES = 200;
const AUCTION_BYTES = 500;
const BID_BYTES = 100;
const STREAM = 1;

/** Makes the record of an event, from its id and time alone. */
export class Records {
  readonly #random: EventRandom;
  readonly #channels: Channels;
  readonly #firstBidder: number;

  /** With `bidderQuirk` bidder ids are 1000 too high, as nexmark/nexmark makes them. */
  constructor(seed: number, bidderQuirk: boolean) {
    this.#random = new EventRandom(seed, STREAM);
    this.#channels = new Channels(seed);
    this.#firstBidder = bidderQuirk ? 2 * FIRST_PERSON : FIRST_PERSON;
  }

  person(event: number, dateTime: number): Person {
    const random = this.#random.at(event);
    const name = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
    const emailAddress = `${random.text(7)}@${random.text(5)}.com`;
    const digits = () => String(random.below(10_000)).padStart(4, '0');
    const creditCard = `${digits()} ${digits()} ${digits()} ${digits()}`;
    const city = random.pick(CITIES);
    const state = random.pick(STATES);
    const size = 8 + name.length + emailAddress.length + creditCard.length + city.length + state.length;
    const extra = random.extra(size, PERSON_BYTES);
    const id = FIRST_PERSON + lastPerson(event);
    return { id, name, emailAddress, creditCard, city, state, dateTime, extra, seq: event };
  }

  /** `horizon`: ms until the event that is 100 auctions ahead; auctions are open for up to twice as long. */
  auction(event: number, dateTime: number, horizon: number): Auction {
    const random = this.#random.at(event);
    const seller = random.below(HOT_SELLERS) > 0 ? hotPerson(event) : nextPerson(event, random);
    const category = FIRST_CATEGORY + random.below(CATEGORIES);
    const initialBid = random.price();
    const expires = dateTime + 1 + random.below(Math.max(2 * horizon, 1));
    const itemName = random.text(20);
    const description = random.text(100);
    const reserve = initialBid + random.price();
    const extra = random.extra(8 * 6 + itemName.length + description.length, AUCTION_BYTES);
    return {
      id: FIRST_AUCTION + lastAuction(event),
      itemName,
      description,
      initialBid,
      reserve,
      dateTime,
      expires,
      seller: FIRST_PERSON + seller,
      category,
      extra,
      seq: event,
    };
  }

  bid(event: number, dateTime: number): Bid {
    const random = this.#random.at(event);
    const auction = random.below(HOT_AUCTIONS) > 0 ? hotAuction(event) : nextAuction(event, random);
    const bidder = random.below(HOT_BIDDERS) > 0 ? hotPerson(event) + 1 : nextPerson(event, random);
    const price = random.price();
    const { name, url } = this.#channels.pick(random);
    const extra = random.extra(32, BID_BYTES);
    return {
      auction: FIRST_AUCTION + auction,
      bidder: this.#firstBidder + bidder,
      price,
      channel: name,
      url,
      dateTime,
      extra,
      seq: event,
    };
  }
}
