import { MillraceError } from './errors.js';
import type { AnyOperator } from './operator.js';

/** The operators a host knows, by type. Built once at start from the built-ins and the plugins. */
export interface Catalogue {
  get(type: string): AnyOperator | undefined;
  list(): readonly AnyOperator[];
}

/** A duplicate type is an error: two packages must not fight for one name. */
export function createCatalogue(operators: readonly AnyOperator[]): Catalogue {
  const byType = new Map<string, AnyOperator>();
  for (const operator of operators) {
    if (byType.has(operator.type)) {
      throw new MillraceError(`Two operators are called "${operator.type}".`, {
        code: 'OPERATOR_DUPLICATE',
        params: { type: operator.type },
        hint: 'Rename one of them, or load only one of the two packages.',
      });
    }
    byType.set(operator.type, operator);
  }
  const list = [...byType.values()];
  return { get: (type) => byType.get(type), list: () => list };
}
