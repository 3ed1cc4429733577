import { type Expression, fieldReader, type StreamRecord, type Value } from '@millrace/sdk';
import { assign, type Fields } from '../shared/paths.js';
import type { Aggregate, Row } from './aggregate.js';
import { type AggregateConfig, nameOf } from './config.js';
import { AGGREGATES } from './index.js';

interface Column {
  name: string;
  aggregate: Aggregate;
  /** Undefined: counts records. */
  read: Expression | undefined;
  where: Expression | undefined;
}

/** The aggregates of one node. `prepare` a record (which may throw), then `add` it to a row (which does not). */
export class Columns {
  readonly #columns: readonly Column[];
  /** What `prepare` left for `add`; undefined = nothing to add. */
  readonly #prepared: Value[];
  readonly #retractable: boolean;
  /** Some accumulator grows with the number of values. */
  readonly large: boolean;
  /** Places whose accumulators can be subtracted, and the others. */
  readonly #subtractable: readonly number[];
  readonly #others: readonly number[];
  /** Some accumulator cannot be subtracted. */
  readonly stacked: boolean;

  constructor(
    aggregates: readonly AggregateConfig[],
    compile: (expression: string) => Expression,
    retractable = false,
  ) {
    this.#columns = aggregates.map((config) => ({
      name: nameOf(config),
      aggregate: AGGREGATES[config.fn](config),
      read:
        config.value !== undefined
          ? compile(config.value)
          : config.field !== undefined
            ? fieldReader(config.field)
            : undefined,
      where: config.where === undefined ? undefined : compile(config.where),
    }));
    this.#prepared = this.#columns.map(() => undefined);
    this.#retractable = retractable;
    this.large = this.#columns.some(({ aggregate }) => aggregate.large);
    const places = [...this.#columns.keys()];
    this.#subtractable = places.filter((i) => this.#columns[i]!.aggregate.subtract !== undefined);
    this.#others = places.filter((i) => this.#columns[i]!.aggregate.subtract === undefined);
    this.stacked = this.#others.length > 0;
  }

  /** Computes and checks what a record adds. Everything that can throw happens here. */
  prepare(record: StreamRecord): void {
    const columns = this.#columns;
    const prepared = this.#prepared;
    const value = record.value;
    for (let i = 0; i < columns.length; i++) {
      const { aggregate, read, where } = columns[i]!;
      prepared[i] = undefined;
      if (where !== undefined && where(value, record) !== true) continue;
      if (read === undefined) {
        prepared[i] = true;
        continue;
      }
      const input = read(value, record);
      if (input !== null && input !== undefined) prepared[i] = aggregate.prepare(input);
    }
  }

  /** A copy of what `prepare` made, to be kept and taken away later. Null = nothing. */
  kept(): Value[] {
    return this.#prepared.map((value) => value ?? null);
  }

  create(): Row {
    const columns = this.#columns;
    // Of its final length: an array that is pushed to keeps room for 17.
    const row: Row = new Array(columns.length);
    for (let i = 0; i < columns.length; i++) row[i] = columns[i]!.aggregate.init(this.#retractable);
    return row;
  }

  /** Adds the prepared record. */
  add(row: Row, time: number): void {
    const columns = this.#columns;
    const prepared = this.#prepared;
    for (let i = 0; i < columns.length; i++) {
      const value = prepared[i];
      if (value !== undefined) columns[i]!.aggregate.add(row, i, value, time);
    }
  }

  /** Takes kept values away. Gives the places whose accumulator must be built again. */
  retract(row: Row, kept: readonly Value[], time: number): number[] | undefined {
    let rebuild: number[] | undefined;
    for (let i = 0; i < this.#columns.length; i++) {
      const value = kept[i];
      if (value === null || this.#columns[i]!.aggregate.retract(row, i, value, time)) continue;
      if (rebuild === undefined) rebuild = [i];
      else rebuild.push(i);
    }
    return rebuild;
  }

  /** Empties one place of a row, before it is built again by `addKept`. */
  reset(row: Row, at: number): void {
    row[at] = this.#columns[at]!.aggregate.init(this.#retractable);
  }

  addKept(row: Row, at: number, kept: Value, time: number): void {
    if (kept !== null) this.#columns[at]!.aggregate.add(row, at, kept, time);
  }

  /** Adds what `from` holds; its values come after those of `into`. */
  merge(into: Row, from: Row): void {
    for (let i = 0; i < this.#columns.length; i++) this.#columns[i]!.aggregate.merge(into, from, i);
  }

  /** Adds what `from` holds where it can be subtracted again. */
  mergeSubtractable(into: Row, from: Row): void {
    const places = this.#subtractable;
    for (let i = 0; i < places.length; i++) this.#columns[places[i]!]!.aggregate.merge(into, from, places[i]!);
  }

  subtract(into: Row, from: Row): void {
    const places = this.#subtractable;
    for (let i = 0; i < places.length; i++) this.#columns[places[i]!]!.aggregate.subtract!(into, from, places[i]!);
  }

  /** A row for the other accumulators alone. */
  createStacked(): Row {
    const columns = this.#columns;
    const row: Row = new Array(columns.length);
    for (let i = 0; i < columns.length; i++) {
      const { aggregate } = columns[i]!;
      row[i] = aggregate.subtract === undefined ? aggregate.init(this.#retractable) : null;
    }
    return row;
  }

  mergeStacked(into: Row, from: Row): void {
    const places = this.#others;
    for (let i = 0; i < places.length; i++) this.#columns[places[i]!]!.aggregate.merge(into, from, places[i]!);
  }

  /** Fills the places of the others with what both rows hold together. They may then share what they hold with one of them. */
  putStacked(into: Row, earlier: Row | undefined, later: Row | undefined): void {
    const places = this.#others;
    for (let i = 0; i < places.length; i++) {
      const at = places[i]!;
      if (earlier === undefined || later === undefined) into[at] = (earlier ?? later)?.[at];
      else {
        const { aggregate } = this.#columns[at]!;
        into[at] = aggregate.init(this.#retractable);
        aggregate.merge(into, earlier, at);
        aggregate.merge(into, later, at);
      }
    }
  }

  /** Writes the results into an object. */
  write(row: Row, target: Fields): void {
    const columns = this.#columns;
    for (let i = 0; i < columns.length; i++) {
      const { name, aggregate } = columns[i]!;
      assign(target, name, aggregate.result(row, i));
    }
  }
}
