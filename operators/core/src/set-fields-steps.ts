import { type Expression, fieldReader, type StreamRecord, type Value } from '@millrace/sdk';
import { type CastType, castError, castTo } from './shared/cast.js';
import { assign, dropPath, type Fields, getPath, setPath, without } from './shared/paths.js';

export type Step =
  | { do: 'set'; field: string; value: string }
  | { do: 'rename'; from: string; to: string }
  | { do: 'drop'; fields: string[] }
  | { do: 'keep'; fields: string[] }
  | {
      do: 'cast';
      field: string;
      to: CastType;
      scale?: number;
      unit?: 'ms' | 's';
      zone?: string;
      onFail?: 'error' | 'null';
    };

/** Works on fields that belong to the caller and gives back the same object, or another that belongs to the caller. */
export type Apply = (fields: Fields, record: StreamRecord) => Fields;

export function compileStep(step: Step, compile: (expression: string) => Expression): Apply {
  switch (step.do) {
    case 'set':
      return setStep(step.field, compile(step.value));
    case 'rename':
      return step.from === step.to ? (fields) => fields : renameStep(step.from, step.to);
    case 'drop':
      return dropStep(step.fields);
    case 'keep':
      return keepStep(step.fields);
    case 'cast':
      return castStep(step);
  }
}

function setStep(field: string, value: Expression): Apply {
  const steps = field.split('.');
  if (steps.length === 1) {
    return (fields, record) => {
      fields[field] = value(fields, record);
      return fields;
    };
  }
  return (fields, record) => {
    setPath(fields, steps, value(fields, record));
    return fields;
  };
}

/** A top-level field keeps its place among the others; a field that had the new name gives way. */
function renameStep(from: string, to: string): Apply {
  const source = from.split('.');
  const target = to.split('.');
  if (source.length === 1 && target.length === 1) {
    return (fields) => {
      if (!Object.hasOwn(fields, from)) return fields;
      const renamed: Fields = {};
      for (const name of Object.keys(fields)) {
        if (name === from) renamed[to] = fields[from];
        else if (name !== to) assign(renamed, name, fields[name]);
      }
      return renamed;
    };
  }
  return (fields) => {
    const value = getPath(fields, source);
    if (value === undefined) return fields;
    dropPath(fields, source);
    setPath(fields, target, value);
    return fields;
  };
}

function dropStep(paths: readonly string[]): Apply {
  const top = new Set(paths.filter((path) => !path.includes('.')));
  const nested = paths.filter((path) => path.includes('.')).map((path) => path.split('.'));
  return (fields) => {
    const rest = top.size > 0 ? without(fields, top) : fields;
    for (const steps of nested) dropPath(rest, steps);
    return rest;
  };
}

/** The listed fields that exist, in the order of the list. */
function keepStep(paths: readonly string[]): Apply {
  const all = paths.map((path) => path.split('.'));
  return (fields) => {
    const kept: Fields = {};
    for (const steps of all) {
      const value = getPath(fields, steps);
      if (value !== undefined) setPath(kept, steps, value);
    }
    return kept;
  };
}

function castStep(step: Extract<Step, { do: 'cast' }>): Apply {
  const cast = castTo(step.to, step);
  const steps = step.field.split('.');
  const read = fieldReader(step.field);
  const soft = step.onFail === 'null';
  return (fields) => {
    const found: Value = read(fields);
    if (found === null) return fields;
    const value = cast(found);
    if (value === undefined && !soft) throw castError(step.field, step.to, found);
    if (value !== found) setPath(fields, steps, value ?? null);
    return fields;
  };
}
