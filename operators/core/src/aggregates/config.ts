import {
  type ConfigFinding,
  computedType,
  Field,
  type FieldType,
  type RecordType,
  type Static,
  Type,
} from '@millrace/sdk';
import { finding } from '../shared/finding.js';
import { badPath, lastStep } from '../shared/paths.js';
import { AGGREGATE_NAMES, AGGREGATES } from './index.js';

/** One aggregate in a config: what to compute, of which values, under which name. */
export const AggregateConfig = Type.Object(
  {
    fn: Type.Enum(AGGREGATE_NAMES, {
      title: 'Compute',
      description:
        'count alone counts records; of a field, its values that are not empty. avg: the mean; avgInt: without decimals. distinct: how many different values. concat: texts one after the other. stddev: how far values usually are from their mean (standard deviation); stddevPop: the same when the records are all there are, no sample. collectList, collectSet: the values as a list, with and without repeats. topK: the most frequent values. percentile: the value below which so many of 100 lie, Cont: also between two values, Disc: one of the values. Approx: nearly right, in little memory.',
    }),
    field: Type.Optional(Field.field({ title: 'Of field', description: 'Whose values are taken. Count needs none.' })),
    value: Type.Optional(
      Field.expression({
        title: 'or of expression',
        description: 'A formula in place of a field.',
        examples: ['quantity * price'],
        ui: { advanced: true },
      }),
    ),
    as: Type.Optional(
      Type.String({
        title: 'Name of the result',
        description: 'Default: made of the function and the field, such as sum_price.',
        minLength: 1,
        maxLength: 128,
      }),
    ),
    where: Type.Optional(
      Field.expression({
        title: 'Only records where',
        description: 'Others do not count for this figure.',
        returns: 'boolean',
        examples: ['quantity > 0'],
        ui: { advanced: true },
      }),
    ),
    separator: Type.Optional(
      Type.String({
        title: 'Separator',
        description: 'Between two texts; default ", ".',
        maxLength: 16,
        'x-ui': { when: { property: 'fn', in: ['concat'] } },
      }),
    ),
    quantile: Type.Optional(
      Type.Number({
        title: 'Share below it',
        description: '0.5: half of the values are below it (the median). 0.95: 95 of 100 are (the 95th percentile).',
        minimum: 0,
        maximum: 1,
        'x-ui': { when: { property: 'fn', in: ['percentileCont', 'percentileDisc', 'percentileApprox'] } },
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        title: 'At most',
        description: 'Values in the list: default 10 for topK, 1000 when collecting.',
        minimum: 1,
        maximum: 100_000,
        'x-ui': { when: { property: 'fn', in: ['topK', 'collectList', 'collectSet'] } },
      }),
    ),
    accuracy: Type.Optional(
      Type.Number({
        title: 'May be off by',
        description: 'How far off an approximate percentile may be; default 0.01: by 1 of 100.',
        minimum: 0.0005,
        maximum: 0.2,
        'x-ui': { when: { property: 'fn', in: ['percentileApprox'] }, advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
export type AggregateConfig = Static<typeof AggregateConfig>;

export const aggregatesField = Type.Array(AggregateConfig, {
  title: 'Compute',
  description: 'The figures of a result, one entry for each.',
  minItems: 1,
  maxItems: 64,
});

/** The name of a result: as given, or made of function and field: `sum_price`, `count`. */
export function nameOf({ fn, field, as }: AggregateConfig): string {
  return as ?? (field === undefined ? fn : `${fn}_${lastStep(field)}`);
}

/** What is wrong with a list of aggregates; `taken` are the names that other fields of the result have already. */
export function lintAggregates(aggregates: readonly AggregateConfig[], taken: ReadonlySet<string>): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  const names = new Set(taken);
  aggregates.forEach((aggregate, i) => {
    const { fn, field, value, as } = aggregate;
    const path = `/aggregates/${i}`;
    if (field !== undefined && value !== undefined) {
      found.push(finding('AGGREGATE_INPUT_TWICE', `${path}/value`, 'Give a field or an expression, not both.', { fn }));
    }
    if (fn !== 'count' && field === undefined && value === undefined) {
      found.push(
        finding('AGGREGATE_INPUT_MISSING', `${path}/field`, `Say which field "${fn}" is computed of.`, { fn }),
      );
    }
    if (value !== undefined && as === undefined) {
      found.push(finding('AGGREGATE_NAME_MISSING', `${path}/as`, 'Give the result of an expression a name.', { fn }));
    }
    if (fn.startsWith('percentile') && aggregate.quantile === undefined) {
      found.push(
        finding(
          'AGGREGATE_QUANTILE_MISSING',
          `${path}/quantile`,
          'Say which percentile: 0.5 for the median, 0.95 for the 95th.',
          { fn },
        ),
      );
    }
    const name = nameOf(aggregate);
    if (badPath(name) || name.includes('.')) {
      found.push(
        finding('FIELD_NAME', `${path}/as`, `"${name}" cannot be the name of a result; leave out dots.`, { name }),
      );
    } else if (names.has(name)) {
      found.push(
        finding('FIELD_TWICE', `${path}/as`, `Two fields of the result are called "${name}"; rename one.`, { name }),
      );
    }
    names.add(name);
  });
  return found;
}

/** They tell how many, and nothing about a value. */
const COUNTS: ReadonlySet<string> = new Set(['count', 'distinct', 'distinctApprox']);

/** Types of the results. What is made of a personal field is personal, save a count. */
export function aggregateTypes(
  aggregates: readonly AggregateConfig[],
  input: RecordType | undefined,
): { [name: string]: FieldType } {
  const types: { [name: string]: FieldType } = {};
  for (const aggregate of aggregates) {
    const of = computedType(aggregate.field ?? aggregate.value ?? '', input);
    const hidden = of === 'personal' && !COUNTS.has(aggregate.fn);
    types[nameOf(aggregate)] = hidden ? of : (AGGREGATES[aggregate.fn](aggregate).type ?? of);
  }
  return types;
}

/** "sum of price, count" for the card of a node. */
export function aggregateWords(aggregates: readonly AggregateConfig[]): string {
  return aggregates
    .map(({ fn, field, value }) => ((field ?? value) === undefined ? fn : `${fn} of ${field ?? value}`))
    .join(', ');
}
