import type { TSchema } from '@millrace/sdk';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { HttpError } from './errors.js';

/** Checks a value against a schema, fills in defaults; answers the value. */
export type Checker = (value: unknown) => unknown;

// Bodies are taken as they are; query values are text, so numbers among them are read.
const bodies = new Ajv2020({ strict: false, allErrors: false, useDefaults: true });
const queries = new Ajv2020({ strict: false, allErrors: false, useDefaults: true, coerceTypes: true });

export function bodyChecker(schema: TSchema): Checker {
  return checker(bodies.compile(schema), 'body', 'BODY_INVALID');
}

export function queryChecker(schema: TSchema): Checker {
  return checker(queries.compile(schema), 'query', 'QUERY_INVALID');
}

function checker(validate: ValidateFunction, where: string, code: string): Checker {
  return (value) => {
    if (validate(value)) return value;
    const [error] = validate.errors ?? [];
    throw refusal(where, code, error);
  };
}

/** Unknown fields are told apart (422): a caller who tries to set what belongs to the server must not believe that it worked. */
function refusal(where: string, code: string, error: ErrorObject | undefined): HttpError {
  const path = error?.instancePath ?? '';
  if (error?.keyword === 'additionalProperties' && where === 'body') {
    const property = String(error.params.additionalProperty);
    return new HttpError(422, 'UNKNOWN_PROPERTY', `The body has a field "${property}" that is not known here.`, {
      params: { path, property },
    });
  }
  const name = path === '' ? `The ${where}` : `${path.slice(1).replaceAll('/', '.')} in the ${where}`;
  return new HttpError(400, code, `${name} ${error?.message ?? 'is not valid'}.`, {
    params: { path, rule: error?.keyword },
  });
}
