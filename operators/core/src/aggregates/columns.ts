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
    const row: Row = [];
    for (let i = 0; i < columns.length; i++) row.push(columns[i]!.aggregate.init(this.#retractable));
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

  /** Writes the results into an object. */
  write(row: Row, target: Fields): void {
    const columns = this.#columns;
    for (let i = 0; i < columns.length; i++) {
      const { name, aggregate } = columns[i]!;
      assign(target, name, aggregate.result(row, i));
    }
  }
}
