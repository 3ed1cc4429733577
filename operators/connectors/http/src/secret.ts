import { MillraceError, Type } from '@millrace/sdk';

/** A reference to a secret that is kept outside the graph. */
export interface SecretRef {
  $secret: string;
}

/** A secret in a config: the server keeps the text in its vault and leaves a reference in the graph. */
export function secretField(options: { title: string; description: string }) {
  return Type.Union(
    [
      Type.String({ minLength: 8, maxLength: 4096 }),
      Type.Object({ $secret: Type.String({ pattern: '^[A-Za-z0-9_]{1,64}$' }) }, { additionalProperties: false }),
    ],
    { ...options, 'x-ui': { widget: 'secret', advanced: true } },
  );
}

/**
 * The text of a secret. References are looked up in the environment as `MILLRACE_SECRET_<name>`: the server puts its vault there
 * for its task threads, a person who runs a graph by hand sets it; no plan or run directory ever holds the text.
 */
export function secretText(secret: string | SecretRef, env: NodeJS.ProcessEnv = process.env): string {
  if (typeof secret === 'string') return secret;
  const text = env[`MILLRACE_SECRET_${secret.$secret}`];
  if (text !== undefined) return text;
  throw new MillraceError(`The secret "${secret.$secret}" is not known here.`, {
    code: 'SECRET_MISSING',
    params: { secret: secret.$secret },
    hint: `Enter it again in the node, or set MILLRACE_SECRET_${secret.$secret} for a run by hand.`,
  });
}
