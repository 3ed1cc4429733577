import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Admin, Producer, stringSerializers } from '@platformatic/kafka';
import { STORE_PASSWORD } from '../lib/certificates.mjs';
import { maven, run } from '../lib/process.mjs';

const PASSWORD = 'millrace-test';
const pom = fileURLToPath(new URL('./kafka.pom.xml', import.meta.url));
const READY = 'millrace-ready';
const LOGIN = 'org.apache.kafka.common.security.plain.PlainLoginModule';

/**
 * Kafka from Maven Central: one process that is broker and controller (KRaft), with transactions. A second listener asks for
 * user and password (SASL/PLAIN): KAFKA_SASL_URL. `options` are lines of server.properties; `tls`, a PKCS#12 file, opens a listener
 * over TLS: KAFKA_TLS_URL.
 */
export const kafka = {
  name: 'kafka',
  env: 'KAFKA_URL',
  // Plain, with password, controller, over TLS.
  ports: 4,
  startTimeout: 120_000,
  install: () => maven(pom),
  prepare: async ({ folder, ports, options: { tls, ...options } }) => {
    const [plain, sasl, controller, secure] = ports;
    const more = tls ? `,TLS://127.0.0.1:${secure}` : '';
    const settings = {
      'process.roles': 'broker,controller',
      'node.id': 1,
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
      listeners: `PLAINTEXT://127.0.0.1:${plain},SASL://127.0.0.1:${sasl},CONTROLLER://127.0.0.1:${controller}${more}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${plain},SASL://127.0.0.1:${sasl}${more}`,
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL,CONTROLLER:PLAINTEXT',
      ...(tls && {
        'listener.name.tls.ssl.keystore.type': 'PKCS12',
        'listener.name.tls.ssl.keystore.location': tls,
        'listener.name.tls.ssl.keystore.password': STORE_PASSWORD,
      }),
      'controller.listener.names': 'CONTROLLER',
      'inter.broker.listener.name': 'PLAINTEXT',
      'sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.sasl.plain.sasl.jaas.config': `${LOGIN} required user_millrace="${PASSWORD}";`,
      'log.dirs': join(folder, 'data'),
      // A killed broker counts as gone after this, and only then may it come back.
      'broker.session.timeout.ms': 2000,
      'broker.heartbeat.interval.ms': 400,
      'num.partitions': 2,
      'auto.create.topics.enable': 'false',
      'offsets.topic.replication.factor': 1,
      'offsets.topic.num.partitions': 4,
      'transaction.state.log.replication.factor': 1,
      'transaction.state.log.min.isr': 1,
      'transaction.state.log.num.partitions': 4,
      'share.coordinator.state.topic.replication.factor': 1,
      'share.coordinator.state.topic.min.isr': 1,
      'group.initial.rebalance.delay.ms': 0,
      'group.min.session.timeout.ms': 1000,
      // Transactions of a killed producer end soon, so that readers of committed records go on.
      'transaction.abort.timed.out.transaction.cleanup.interval.ms': 1000,
      'log.segment.bytes': 64 * 1024 * 1024,
      'message.max.bytes': 8 * 1024 * 1024,
      'num.network.threads': 2,
      'num.io.threads': 4,
      'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
      'log.cleaner.threads': 1,
      ...options,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(folder, 'server.properties'), lines.join(''));
    mkdirSync(join(folder, 'log'));
    writeFileSync(join(folder, 'log4j2.properties'), LOGGING);
    const java = await javaArgs(folder, '128m');
    const format = ['format', '-t', 'MillraceTestClusterId0', '-c', join(folder, 'server.properties')];
    run('java', [...java, 'kafka.tools.StorageTool', ...format]);
  },
  command: async ({ folder }) => ({
    file: 'java',
    args: [...(await javaArgs(folder, '512m')), 'kafka.Kafka', join(folder, 'server.properties')],
  }),
  ready: async ({ ports }) => {
    const client = {
      clientId: 'ready',
      bootstrapBrokers: [`127.0.0.1:${ports[0]}`],
      retries: 0,
      connectTimeout: 2000,
      timeout: 5000,
    };
    const admin = new Admin(client);
    const producer = new Producer({ ...client, serializers: stringSerializers });
    try {
      const topics = await admin.listTopics();
      if (!topics.includes(READY)) await admin.createTopics({ topics: [READY], partitions: 1, replicas: 1 });
      // A record that is acknowledged: the broker is no longer fenced and leads its partitions.
      await producer.send({ messages: [{ topic: READY, value: 'ready' }], acks: -1 });
    } finally {
      await producer.close();
      await admin.close();
    }
  },
  url: ({ ports }) => `kafka://127.0.0.1:${ports[0]}`,
  moreEnv: ({ ports, options }) => ({
    KAFKA_BROKERS: `127.0.0.1:${ports[0]}`,
    ...(options.tls && { KAFKA_TLS_URL: `kafkas://127.0.0.1:${ports[3]}` }),
    KAFKA_SASL_URL: `kafka://millrace:${PASSWORD}@127.0.0.1:${ports[1]}`,
  }),
};

const LOGGING = `status=error
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %c: %m%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
`;

async function javaArgs(folder, heap) {
  const jars = await maven(pom);
  return [
    `-Xmx${heap}`,
    '-Xms64m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-XX:-UsePerfData',
    `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`,
    '-cp',
    `${jars}/*`,
  ];
}
