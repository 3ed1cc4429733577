import { type ComponentType, createContext, useContext } from 'react';
import type { Schema, Value } from '../api/types.js';
import type { FormField } from './form-model.js';

export type Path = readonly (string | number)[];

export interface FormProps {
  schema: Schema;
  value: Value;
  path: Path;
  set: (path: Path, value: Value) => void;
}

export interface InputProps {
  id: string;
  field: FormField;
  label: string;
  value: Value;
  path: Path;
  set: (path: Path, value: Value) => void;
  invalid?: boolean | undefined;
}

/** Forms hold inputs that hold forms: the two meet here, so that their modules need not know each other. */
export interface FormParts {
  Form: ComponentType<FormProps>;
  Input: ComponentType<InputProps>;
}

export const FormPartsContext = createContext<FormParts | null>(null);

export function useFormParts(): FormParts {
  const parts = useContext(FormPartsContext);
  if (!parts) throw new Error('an input stands outside a form');
  return parts;
}
