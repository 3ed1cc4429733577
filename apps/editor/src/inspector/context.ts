import { createContext, useContext } from 'react';
import type { Finding, RecordType } from '../api/types.js';

/** What the fields of a form may need to know about the node they belong to. */
export interface FormContext {
  nodeId: string;
  operator: string;
  /** Fields at an input port; undefined port: the first one. For sources: their own records. */
  typeAt(port: string | undefined): RecordType | null;
  portOf(port: string | undefined): string | undefined;
  findings: readonly Finding[];
  /** JSON pointer of the node's config in the document. */
  base: string;
}

export const FormContextProvider = createContext<FormContext | undefined>(undefined);
export function useFormContext(): FormContext {
  const context = useContext(FormContextProvider);
  if (!context) throw new Error('a form field outside of a form');
  return context;
}
