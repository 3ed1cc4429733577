import { type ConnectionUse, MillraceError, parseConnectionUrl, toMillraceError } from '@millrace/sdk';
import { tlsMode, tlsSettings, tlsTrouble } from '@millrace/sdk/tls';
import type { ChannelModel } from 'amqplib';

/** s: a server that does not answer is given up after two of these. */
const HEARTBEAT = 10;
/** ms. */
const CONNECT_TIMEOUT = 10_000;

const EXAMPLE = 'amqp://user:password@rabbit1:5672/shop';

/** Connects to the first host of an `amqp://` or `amqps://` address that answers. Its errors are those of the last one. */
export async function connectRabbit(url: string): Promise<ChannelModel> {
  const { connect } = await import('amqplib');
  let failure: unknown;
  for (const { tls, ...address } of addressesOf(url)) {
    try {
      const connection = await connect(address, { timeout: CONNECT_TIMEOUT, ...tls });
      // Without a listener an error event would end the process; 'close' follows it.
      connection.on('error', () => undefined);
      return connection;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

export function addressesOf(url: string) {
  const parts = parseConnectionUrl(url);
  const { scheme, hosts, user, password, path, options } = parts;
  if (scheme !== 'amqp' && scheme !== 'amqps') {
    throw new MillraceError(`A RabbitMQ address starts with amqp:// or amqps://, not ${scheme}://.`, {
      code: 'CONNECTION_URL',
      hint: `For example ${EXAMPLE}`,
    });
  }
  const mode = tlsMode(parts, scheme === 'amqps' ? 'true' : 'false');
  return hosts.map(({ host, port }) => ({
    protocol: mode === 'false' ? 'amqp' : 'amqps',
    hostname: host,
    port: port ?? (mode === 'false' ? 5672 : 5671),
    username: user ?? 'guest',
    password: password ?? 'guest',
    vhost: path === '' ? '/' : path,
    heartbeat: Number(options.heartbeat ?? HEARTBEAT),
    tls: tlsSettings({ ...parts, hosts: [{ host, port }] }, mode),
  }));
}

/** What something thrown by the client means for the person who looks at the node. All of it is worth another try. */
export function explainRabbit(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  if (!(thrown instanceof Error)) return toMillraceError(thrown);
  const trouble = tlsTrouble('RabbitMQ', thrown);
  if (trouble !== undefined) return trouble;
  const { message } = thrown;
  const code = (thrown as { code?: unknown }).code;
  const problem = (name: string, text: string, hint: string) =>
    new MillraceError(text, { code: name, domain: 'user', retry: 'backoff', hint, cause: thrown });
  if (/Handshake terminated by server: 403|ACCESS[_-]REFUSED - Login/.test(message)) {
    return problem(
      'RABBITMQ_LOGIN',
      'RabbitMQ refuses the user name or the password of the connection.',
      'Correct them under Connections.',
    );
  }
  if (/ConnectionOpenOk|vhost .* not found|NOT_ALLOWED - access to vhost/i.test(message)) {
    return problem(
      'RABBITMQ_VHOST',
      'RabbitMQ does not let this user into the virtual host of the connection, or has none of that name.',
      'The virtual host is the last part of the address; give the user permissions on it.',
    );
  }
  const name = /(?:queue|exchange) '([^']*)'/.exec(message)?.[0];
  if (code === 404 || message.includes('NOT_FOUND') || message.includes('NOT-FOUND')) {
    return problem(
      'RABBITMQ_UNKNOWN',
      `RabbitMQ has no ${name ?? 'such queue or exchange'}.`,
      'Create it, let the node create the queue, or correct the name. It goes on by itself once it is there.',
    );
  }
  if (code === 403 || message.includes('ACCESS_REFUSED')) {
    return problem(
      'RABBITMQ_RIGHTS',
      `The user of the connection may not use ${name ?? 'the queue or exchange'}, or another consumer has it for itself.`,
      'Give the user read or write permission on it.',
    );
  }
  if (code === 406 || message.includes('PRECONDITION_FAILED')) {
    return problem(
      'RABBITMQ_DIFFERENT',
      `${name ?? 'The queue'} exists, but of another kind than the node asks for.`,
      'Choose the kind it has, or let somebody else create it.',
    );
  }
  return new MillraceError(`RabbitMQ cannot be used at the moment: ${message}`, {
    code: 'RABBITMQ_UNAVAILABLE',
    domain: 'external',
    params: { reason: message },
    hint: 'Check that the server runs and can be reached from here.',
    cause: thrown,
  });
}

export const rabbitmqConnection: ConnectionUse = {
  kind: 'rabbitmq',
  title: 'RabbitMQ',
  example: EXAMPLE,
  async test(url, signal) {
    let connection: ChannelModel | undefined;
    try {
      connection = await connectRabbit(url);
      if (signal.aborted) return;
      await connection.createChannel();
    } catch (error) {
      throw explainRabbit(error);
    } finally {
      await connection?.close().catch(() => undefined);
    }
  },
};
