import type { GraphDocument } from '@millrace/graph';
import type { Catalogue, Value } from '@millrace/sdk';
import { mayAct, type User } from '../auth/credentials.js';
import type { Role } from '../store/port.js';
import { masked, maskedText, personalFields } from './personal.js';

const NONE: ReadonlySet<string> = new Set();
const MAX_CACHED = 256;

/** Who may see personal data, and what the others see instead. The one place that decides it. */
export class Privacy {
  /** By the name of a graph that does not change under it: a run, a published version. */
  readonly #known = new Map<string, ReadonlySet<string>>();

  constructor(
    /** The least role that sees personal data. */
    readonly role: Role,
    private readonly catalogue: Catalogue,
  ) {}

  maySee(user: Pick<User, 'role'>): boolean {
    return mayAct(user.role, this.role);
  }

  /** The names to hide from a user: none for those who may see them. */
  hidden(user: Pick<User, 'role'>, name: string, graph: GraphDocument): ReadonlySet<string> {
    return this.maySee(user) ? NONE : this.fields(name, graph);
  }

  fields(name: string, graph: GraphDocument): ReadonlySet<string> {
    let fields = this.#known.get(name);
    if (fields === undefined) {
      fields = personalFields(graph, this.catalogue);
      if (this.#known.size >= MAX_CACHED) this.#known.clear();
      this.#known.set(name, fields);
    }
    return fields;
  }

  /** A list of records or rows as a user may see it. */
  shown<T extends Value>(values: readonly T[], hidden: ReadonlySet<string>): T[] {
    return hidden.size === 0 ? [...values] : values.map((value) => masked(value, hidden));
  }

  /** A dead letter: its value, and what its reason says about it. */
  letter<T extends { value: Value; message: string }>(letter: T, hidden: ReadonlySet<string>): T {
    if (hidden.size === 0) return letter;
    const message = maskedText(letter.message, letter.value, hidden);
    return { ...letter, value: masked(letter.value, hidden), message };
  }
}
