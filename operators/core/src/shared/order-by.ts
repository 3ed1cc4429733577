import { encodePart, Field, fieldReader, type Static, Type, type Value } from '@millrace/sdk';
import { compareValues } from '../aggregates/order.js';

/** Fields that put rows in order, the first one that differs decides. Part of every operator that ranks, sorts or breaks ties. */
export const orderByList = (title: string, description: string, minItems = 0) =>
  Type.Array(
    Type.Object(
      {
        field: Field.field({ title: 'Field', description: 'What they are put into order by.' }),
        direction: Type.Optional(
          Type.Enum(['asc', 'desc'], {
            title: 'Direction',
            description: 'asc: smallest first. desc: greatest first. Missing values come last either way.',
            default: 'asc',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    { title, description, maxItems: 16, ...(minItems > 0 && { minItems }) },
  );
const OrderBy = orderByList('', '');
export type OrderBy = Static<typeof OrderBy>;

/** The values of a row that decide its place. */
export type SortKey = readonly Value[];

/** Total order of JSON values: true/false, numbers, text by its UTF-8 bytes, lists and objects by their encoded form; null last. */
function compareAny(a: Value, b: Value, sign: 1 | -1): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  const first = typeof a === 'object';
  const second = typeof b === 'object';
  if (first && second) return sign * compareValues(encodePart(a), encodePart(b));
  if (first || second) return first ? sign : -sign;
  return sign * compareValues(a, b);
}

/** Compares rows by listed fields. Reading and comparing never throw. */
export class RowOrder {
  readonly #read: readonly ((value: Value) => Value)[];
  readonly #signs: readonly (1 | -1)[];

  constructor(orderBy: OrderBy | undefined) {
    this.#read = (orderBy ?? []).map(({ field }) => fieldReader(field));
    this.#signs = (orderBy ?? []).map(({ direction }) => (direction === 'desc' ? -1 : 1));
  }

  get empty(): boolean {
    return this.#read.length === 0;
  }

  sortKey(value: Value): SortKey {
    return this.#read.map((read) => read(value));
  }

  /** Negative when `a` comes first, 0 for a tie. */
  compare(a: SortKey, b: SortKey): number {
    const signs = this.#signs;
    for (let i = 0; i < signs.length; i++) {
      const order = compareAny(a[i], b[i], signs[i]!);
      if (order !== 0) return order;
    }
    return 0;
  }

  compareRows(a: Value, b: Value): number {
    for (let i = 0; i < this.#read.length; i++) {
      const order = compareAny(this.#read[i]!(a), this.#read[i]!(b), this.#signs[i]!);
      if (order !== 0) return order;
    }
    return 0;
  }
}

/** "total desc, order" for the card of a node. */
export function orderWords(orderBy: OrderBy | undefined): string {
  return (orderBy ?? []).map(({ field, direction }) => (direction === 'desc' ? `${field} desc` : field)).join(', ');
}
