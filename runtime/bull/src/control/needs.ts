import type { Plan, PlanNode } from '@millrace/planner';
import { type Catalogue, CONNECTION_NAME, connectionVariable } from '@millrace/sdk';

/** Nodes with a path in their config: they need the disk (or the network volume) that it lies on. */
export function localNodes(plan: Plan, catalogue: Catalogue): string[] {
  return Object.values(plan.nodes)
    .filter((node) => withWidget(node, catalogue, 'path').length > 0)
    .map(({ id }) => id);
}

/** Variables of the environment that the plan's nodes read (kept connections and secrets), as far as they are set here. */
export function neededEnv(
  plan: Plan,
  catalogue: Catalogue,
  env: NodeJS.ProcessEnv = process.env,
): { [name: string]: string } {
  const needed: { [name: string]: string } = {};
  const need = (name: string) => {
    const value = env[name];
    if (value !== undefined && value !== '') needed[name] = value;
  };
  for (const node of Object.values(plan.nodes)) {
    for (const id of secretsIn(node.config)) need(`MILLRACE_SECRET_${id}`);
    for (const name of withWidget(node, catalogue, 'connection'))
      if (CONNECTION_NAME.test(name)) need(connectionVariable(name));
  }
  return needed;
}

/** Texts in config properties that are edited with a widget. */
function withWidget({ operator, config }: PlanNode, catalogue: Catalogue, widget: string): string[] {
  const { properties = {} } = (catalogue.get(operator)?.config ?? {}) as {
    properties?: { [name: string]: { 'x-ui'?: { widget?: string } } };
  };
  return Object.entries(properties).flatMap(([name, schema]) => {
    const value: unknown = config?.[name];
    return schema['x-ui']?.widget === widget && typeof value === 'string' && value !== '' ? [value] : [];
  });
}

/** Ids of kept secrets anywhere in a config: `{ "$secret": id }`. */
function secretsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { $secret } = value as { $secret?: unknown };
  if (typeof $secret === 'string') return [$secret];
  return Object.values(value).flatMap(secretsIn);
}
