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
          'Names and types of the fields, so that the editor can offer them and check your rules. May stay empty: records are taken as they come.',
      },
    ),
  );
}
