import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import amqp from 'amqplib';
import { debian } from '../lib/process.mjs';

const PASSWORD = 'millrace-test';

/** RabbitMQ from Debian, a node by itself with its own Erlang port mapper. `options` are lines of rabbitmq.conf. */
export const rabbitmq = {
  name: 'rabbitmq',
  env: 'RABBITMQ_URL',
  // AMQP, Erlang distribution, Erlang port mapper.
  ports: 3,
  startTimeout: 120_000,
  install: () => debian('/usr/lib/rabbitmq/bin/rabbitmq-server', ['rabbitmq-server']),
  prepare: ({ folder, ports, options }) => {
    const settings = {
      'listeners.tcp.1': `127.0.0.1:${ports[0]}`,
      default_user: 'millrace',
      default_pass: PASSWORD,
      'default_user_tags.administrator': 'true',
      'loopback_users.millrace': 'false',
      'vm_memory_high_watermark.absolute': '768MB',
      'disk_free_limit.absolute': '50MB',
      ...options,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
    writeFileSync(join(folder, 'rabbitmq.conf'), lines.join(''));
    writeFileSync(join(folder, 'enabled_plugins'), '[].\n');
    mkdirSync(join(folder, 'data'));
  },
  command: (state) => ({ file: '/usr/lib/rabbitmq/bin/rabbitmq-server', env: environment(state), cwd: state.folder }),
  ready: async ({ url }) => {
    const connection = await amqp.connect(url, { timeout: 2000 });
    connection.on('error', () => {});
    try {
      const channel = await connection.createConfirmChannel();
      // Declaring and removing a queue works only when the node has finished its boot.
      const { queue } = await channel.assertQueue('', { exclusive: true });
      await channel.deleteQueue(queue);
    } finally {
      await connection.close();
    }
  },
  afterStop: (state) => {
    spawnSync('/usr/bin/epmd', ['-kill'], { env: { ...process.env, ...environment(state) } });
  },
  url: ({ ports }) => `amqp://millrace:${PASSWORD}@127.0.0.1:${ports[0]}`,
};

function environment({ folder, ports }) {
  return {
    HOME: folder,
    LANG: 'C.UTF-8',
    RABBITMQ_NODENAME: `millrace-${ports[0]}@localhost`,
    RABBITMQ_DIST_PORT: String(ports[1]),
    ERL_EPMD_PORT: String(ports[2]),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 2:2 +sbwt none',
  };
}
