import { MillraceError, toMillraceError } from '@millrace/sdk';
import { tlsTrouble } from '@millrace/sdk/tls';

/** Numbers of Kafka's error codes that something here depends on. */
export const Code = {
  OFFSET_OUT_OF_RANGE: 1,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  LEADER_NOT_AVAILABLE: 5,
  NOT_LEADER: 6,
  MESSAGE_TOO_LARGE: 10,
  COORDINATOR_LOADING: 14,
  COORDINATOR_NOT_AVAILABLE: 15,
  NOT_COORDINATOR: 16,
  INVALID_TOPIC: 17,
  TOPIC_AUTHORIZATION: 29,
  GROUP_AUTHORIZATION: 30,
  CLUSTER_AUTHORIZATION: 31,
  UNSUPPORTED_SASL_MECHANISM: 33,
  ILLEGAL_SASL_STATE: 34,
  UNSUPPORTED_VERSION: 35,
  OUT_OF_ORDER_SEQUENCE: 45,
  DUPLICATE_SEQUENCE: 46,
  INVALID_PRODUCER_EPOCH: 47,
  CONCURRENT_TRANSACTIONS: 51,
  TRANSACTIONAL_ID_AUTHORIZATION: 53,
  SASL_AUTHENTICATION_FAILED: 58,
  INVALID_RECORD: 87,
  UNSTABLE_OFFSET_COMMIT: 88,
} as const;

/** The broker has ended what this producer had begun: it has to introduce itself anew and send again what is not committed. */
export class ProducerLost extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** A broker answered with an error code. */
export class KafkaAnswer extends Error {
  constructor(
    readonly code: number,
    readonly what: string,
    readonly topic?: string,
  ) {
    super(`${what}: error ${code}`);
  }
}

/** Numbers of the codes in an error of the client library (answers with several parts carry several). */
export function answerCodes(error: unknown): number[] {
  if (error instanceof KafkaAnswer) return [error.code];
  const { errors, apiCode } = error as { errors?: unknown[]; apiCode?: number };
  if (typeof apiCode === 'number') return [apiCode];
  const cause = (error as { cause?: unknown })?.cause;
  return [...(errors ?? []), ...(cause ? [cause] : [])].flatMap(answerCodes);
}

const CREDENTIALS: readonly number[] = [
  Code.SASL_AUTHENTICATION_FAILED,
  Code.UNSUPPORTED_SASL_MECHANISM,
  Code.ILLEGAL_SASL_STATE,
];
const RIGHTS: readonly number[] = [
  Code.TOPIC_AUTHORIZATION,
  Code.GROUP_AUTHORIZATION,
  Code.CLUSTER_AUTHORIZATION,
  Code.TRANSACTIONAL_ID_AUTHORIZATION,
];

/** What something thrown while talking to a cluster means for the person who looks at the node. All of it is worth another try. */
export function explainKafka(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  if (thrown instanceof ProducerLost) {
    return new MillraceError('Kafka has ended the transaction; it is begun anew.', {
      code: 'KAFKA_TRANSACTION_LOST',
      domain: 'external',
      params: { reason: thrown.reason },
    });
  }
  const trouble = tlsTrouble('Kafka', thrown);
  if (trouble !== undefined) return trouble;
  const codes = answerCodes(thrown);
  const has = (list: readonly number[]) => codes.some((code) => list.includes(code));
  const topic = thrown instanceof KafkaAnswer ? thrown.topic : undefined;
  if (has([Code.UNKNOWN_TOPIC_OR_PARTITION, Code.INVALID_TOPIC])) {
    return problem('KAFKA_TOPIC_UNKNOWN', `Kafka has no topic "${topic ?? '?'}".`, thrown, {
      params: { topic },
      hint: 'Create the topic, or correct its name. Reading and writing go on by themselves once it is there.',
    });
  }
  if (has(CREDENTIALS) || isAuthentication(thrown)) {
    return problem('KAFKA_LOGIN', 'Kafka refuses the user name or the password of the connection.', thrown, {
      hint: 'Correct them under Connections; the mechanism (plain, scram-sha-256, scram-sha-512) is part of the address.',
    });
  }
  if (has(RIGHTS)) {
    return problem(
      'KAFKA_RIGHTS',
      `The Kafka user lacks a right it needs${topic ? ` on topic "${topic}"` : ''}.`,
      thrown,
      {
        params: { topic },
        hint: 'Reading needs READ on the topic; writing needs WRITE on the topic and on its transactional ids, and READ on its groups (both named millrace:…).',
      },
    );
  }
  if (has([Code.UNSUPPORTED_VERSION])) {
    return problem('KAFKA_TOO_OLD', 'This Kafka does not know the requests that are needed.', thrown, {
      hint: 'Kafka 3.0 or newer is needed.',
    });
  }
  const { message, code, cause } = thrown as { message?: string; code?: unknown; cause?: { message?: string } };
  if (codes.length === 0 && typeof code !== 'string') return toMillraceError(thrown, 'KAFKA_FAILED');
  const reason = [message, cause?.message].filter(Boolean).join(' ');
  return new MillraceError(`Kafka cannot be used at the moment: ${reason}`, {
    code: 'KAFKA_UNAVAILABLE',
    domain: 'external',
    params: { reason, codes },
    hint: 'Check that the brokers run and can be reached from here under the address they announce.',
    cause: thrown,
  });
}

function isAuthentication(thrown: unknown): boolean {
  for (let error = thrown as { code?: string; cause?: unknown } | undefined; error; error = error.cause as typeof error)
    if (error.code === 'PLT_KFK_AUTHENTICATION') return true;
  return false;
}

function problem(
  code: string,
  message: string,
  cause: unknown,
  info: { params?: Record<string, unknown>; hint: string },
): MillraceError {
  return new MillraceError(message, { code, domain: 'user', retry: 'backoff', cause, ...info });
}
