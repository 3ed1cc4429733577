import { FIELD_TYPES, Type } from '@millrace/sdk';

/** Fields of a source's records: entered by hand, or learnt from a sample. */
export function fieldsSchema() {
  return Type.Optional(
    Type.Record(
      Type.String({ minLength: 1, maxLength: 256 }),
      Type.Union(FIELD_TYPES.map((name) => Type.Literal(name))),
      {
        title: 'Fields',
        description:
          'The fields of a record and their types. Only for checks while drawing; records are taken as they come.',
      },
    ),
  );
}
