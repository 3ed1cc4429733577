import { deliveryOf } from '@millrace/graph';
import {
  type AnyOperator,
  inputPorts,
  isSource,
  type OperatorDocs,
  type Ports,
  type Traits,
  type Value,
} from '@millrace/sdk';

/** An operator as data, for the palette and the forms. */
export interface Manifest {
  type: string;
  version: number;
  kind: 'source' | 'operator' | 'sink';
  docs: OperatorDocs;
  config: Value;
  inputs: Ports;
  /** null: the config names them. */
  outputs: Ports | null;
  traits: Traits;
  examples: readonly unknown[];
  delivery: NonNullable<Traits['delivery']>;
}

/** Operators as data. Schemas are plain JSON after a round trip: TypeBox marks and functions stay here. */
export function manifestOf(spec: AnyOperator): Manifest {
  const manifest: Manifest = {
    type: spec.type,
    version: spec.version,
    kind: isSource(spec) ? 'source' : (spec.kind ?? 'operator'),
    docs: spec.docs,
    config: spec.config,
    inputs: inputPorts(spec),
    outputs: typeof spec.outputs === 'function' ? null : spec.outputs,
    traits: spec.traits ?? {},
    examples: spec.examples,
    delivery: deliveryOf(spec),
  };
  return JSON.parse(JSON.stringify(manifest)) as Manifest;
}
