import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { debian, run } from '../lib/process.mjs';

const PASSWORD = 'millrace-test';
const root = process.getuid?.() === 0 ? ['--user=root'] : [];

/**
 * MariaDB from Debian. The log is written to the system at every commit and flushed once a second: a killed process loses
 * nothing. `options` are options of mariadbd without the leading dashes.
 */
export const mariadb = {
  name: 'mariadb',
  aliases: ['mysql'],
  env: 'MYSQL_URL',
  install: () => debian('/usr/sbin/mariadbd', ['mariadb-server']),
  prepare: ({ folder }) => {
    run('/usr/bin/mariadb-install-db', [
      '--no-defaults',
      `--datadir=${join(folder, 'data')}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      ...root,
    ]);
  },
  command: ({ folder, ports, options }) => {
    const settings = {
      datadir: join(folder, 'data'),
      socket: join(folder, 'socket'),
      'pid-file': join(folder, 'pid'),
      port: ports[0],
      'bind-address': '127.0.0.1',
      'innodb-buffer-pool-size': '96M',
      'innodb-flush-log-at-trx-commit': 2,
      'innodb-doublewrite': 0,
      'character-set-server': 'utf8mb4',
      'collation-server': 'utf8mb4_bin',
      'max-allowed-packet': '64M',
      'performance-schema': 'OFF',
      'skip-name-resolve': 1,
      ...options,
    };
    return {
      file: '/usr/sbin/mariadbd',
      args: ['--no-defaults', ...root, ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)],
    };
  },
  ready: ({ ports }) => query(ports[0], 'select 1'),
  seed: async ({ ports }) => {
    await query(ports[0], 'create database millrace');
    await query(ports[0], `create user 'millrace'@'127.0.0.1' identified by '${PASSWORD}'`);
    await query(ports[0], "grant all privileges on *.* to 'millrace'@'127.0.0.1'");
  },
  url: ({ ports }) => `mysql://millrace:${PASSWORD}@127.0.0.1:${ports[0]}/millrace`,
};

async function query(port, text) {
  const client = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root', connectTimeout: 2000 });
  client.on('error', () => {});
  try {
    await client.query(text);
  } finally {
    client.destroy();
  }
}
