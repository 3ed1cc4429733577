import { Random, Zipf } from './random.js';

/** Products and customers of the shop: pure functions of the seed and a number. */

const CATEGORIES = [
  'home',
  'kitchen',
  'garden',
  'toys',
  'books',
  'fashion',
  'sport',
  'beauty',
  'electronics',
  'grocery',
];
const THINGS = ['lamp', 'mug', 'planter', 'puzzle', 'notebook', 'scarf', 'bottle', 'soap', 'charger', 'tea'];
const LOOKS = ['small', 'large', 'blue', 'red', 'white', 'classic', 'modern', 'light', 'soft', 'bright'];
const FIRST = [
  'Ada',
  'Ben',
  'Chloé',
  'Diego',
  'Emma',
  'Felix',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
  'Karin',
  'Liam',
  'Mei',
  'Nora',
  'Omar',
  'Paula',
];
const LAST = [
  'Adams',
  'Becker',
  'Costa',
  'Dubois',
  'Eriksen',
  'Fischer',
  'García',
  'Hansen',
  'Ivanov',
  'Jansen',
  'Kowalski',
  'Li',
  'Moreau',
  'Novák',
  'Rossi',
  'Smith',
];
const FIRST_PLAIN = FIRST.map(plain);
const LAST_PLAIN = LAST.map(plain);
const SEGMENTS = ['new', 'regular', 'regular', 'regular', 'loyal', 'vip'];

/** Home currency of a country, and what one euro buys of it (fixed: the shop sets its prices by hand). */
const CURRENCY: { [country: string]: string } = {
  US: 'USD',
  GB: 'GBP',
  CH: 'CHF',
  SE: 'SEK',
  NO: 'NOK',
  DK: 'DKK',
  PL: 'PLN',
  CZ: 'CZK',
  JP: 'JPY',
  CN: 'CNY',
  CA: 'CAD',
  AU: 'AUD',
  BR: 'BRL',
  IN: 'INR',
};
const PER_EURO: { [currency: string]: number } = {
  EUR: 1,
  USD: 1.1,
  GBP: 0.85,
  CHF: 0.95,
  SEK: 11.2,
  NOK: 11.6,
  DKK: 7.5,
  PLN: 4.3,
  CZK: 25,
  JPY: 160,
  CNY: 7.8,
  CAD: 1.5,
  AUD: 1.65,
  BRL: 6,
  INR: 92,
};

export interface Product {
  sku: string;
  name: string;
  category: string;
  /** Price in euro cents. */
  cents: number;
  /** Units in stock at the start. */
  stock: number;
}

export interface Customer {
  customerId: string;
  name: string;
  email: string;
  country: string;
  currency: string;
  segment: string;
}

export interface ShopSize {
  seed: number;
  skus: number;
  customers: number;
  countries: readonly string[];
  currencies: readonly string[];
}

export class ShopCatalogue {
  readonly products: readonly Product[];
  readonly popularity: Zipf;
  readonly #known: Customer[] = [];
  readonly #customers: Random;
  readonly #countries: Zipf;

  constructor(private readonly size: ShopSize) {
    const random = new Random(size.seed, 1);
    this.popularity = new Zipf(size.skus);
    this.products = Array.from({ length: size.skus }, (_, i) => {
      random.at(i);
      const kind = random.below(CATEGORIES.length);
      // Log-normal about 25 euro, ending in 9 or 5 cents as prices do.
      const euros = Math.min(900, Math.max(1, Math.exp(3.2 + 0.8 * random.normal())));
      return {
        sku: skuOf(i),
        name: `${random.pick(LOOKS)} ${THINGS[kind]!}`,
        category: CATEGORIES[kind]!,
        cents: Math.floor(euros * 10) * 10 + random.pick([9, 9, 5]),
        stock: 20 + Math.round(this.popularity.share(i) * 20_000),
      };
    });
    this.#customers = new Random(size.seed, 2);
    this.#countries = new Zipf(size.countries.length);
  }

  /** The customer with this number. Numbers from `customers` on are those who came later. */
  customer(n: number): Customer {
    const known = this.#known[n];
    if (known !== undefined) return known;
    const customer = this.#make(n);
    if (n < this.size.customers) this.#known[n] = customer;
    return customer;
  }

  #make(n: number): Customer {
    const random = this.#customers.at(n);
    const first = random.below(FIRST.length);
    const last = random.below(LAST.length);
    const country = this.size.countries[this.#countries.draw(random)]!;
    const home = CURRENCY[country] ?? 'EUR';
    return {
      customerId: `C-${padded(n, 6)}`,
      name: `${FIRST[first]} ${LAST[last]}`,
      email: `${FIRST_PLAIN[first]}.${LAST_PLAIN[last]}.${n}@example.com`,
      country,
      currency: this.size.currencies.includes(home) ? home : this.size.currencies[0]!,
      segment: n >= this.size.customers ? 'new' : random.pick(SEGMENTS),
    };
  }
}

export function skuOf(i: number): string {
  return `SKU-${padded(i + 1, 4)}`;
}

/** Euro cents as hundredths of a currency. */
export function inCurrency(cents: number, currency: string): number {
  return rounded(cents * (PER_EURO[currency] ?? 1), currency);
}

/** Whole hundredths of a currency, or whole units where it has no cents. */
export function rounded(hundredths: number, currency: string): number {
  return currency === 'JPY' ? Math.round(hundredths / 100) * 100 : Math.round(hundredths);
}

export function padded(n: number, digits: number): string {
  return String(n).padStart(digits, '0');
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();
}
