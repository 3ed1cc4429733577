import { Field, type FieldType, fieldExpression, type RecordType, Type } from '@millrace/sdk';
import { lastStep } from './fields.js';

/** What a report is broken down by. The currency is always part of it: money of two currencies is never added. */
export const dimensionFields = {
  groupBy: Type.Optional(
    Field.fields({
      title: 'For each',
      description: 'One result for each different value of these, such as country or category. Empty: one for all.',
      default: [],
    }),
  ),
  currency: Type.Optional(
    Field.field({
      title: 'Field: currency',
      description:
        'Results are kept apart by currency, because money of two currencies cannot be added. Without this field in the records all are taken as one currency.',
      default: 'currency',
      ui: { advanced: true },
    }),
  ),
};

interface DimensionConfig {
  groupBy?: string[];
  currency?: string;
}

/** Fields of the key, in order. */
export function dimensions({ groupBy, currency }: DimensionConfig): string[] {
  const own = currency ?? 'currency';
  return (groupBy ?? []).includes(own) ? (groupBy ?? []) : [...(groupBy ?? []), own];
}

export const dimensionKey = (config: DimensionConfig): string[] => dimensions(config).map(fieldExpression);
export const dimensionNames = (config: DimensionConfig): string[] => dimensions(config).map(lastStep);

export function dimensionTypes(config: DimensionConfig, input: RecordType | undefined): { [name: string]: FieldType } {
  const types: { [name: string]: FieldType } = {};
  for (const field of dimensions(config)) types[lastStep(field)] = input?.fields[field] ?? 'any';
  return types;
}
