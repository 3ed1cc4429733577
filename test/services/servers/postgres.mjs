import { chownSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { debian, run, systemUser } from '../lib/process.mjs';

const PASSWORD = 'millrace-test';
const versions = '/usr/lib/postgresql';

/** Folder of the newest server that Debian installed; psql alone is no server. */
function programs() {
  const found = existsSync(versions)
    ? readdirSync(versions).filter((version) => existsSync(join(versions, version, 'bin/initdb')))
    : [];
  const newest = found.sort((a, b) => Number(b) - Number(a))[0];
  return join(versions, newest ?? 'none', 'bin');
}

/**
 * PostgreSQL from Debian. No fsync: a killed process loses nothing that was committed, only a machine without power would.
 * `options` are settings of postgresql.conf.
 */
export const postgres = {
  name: 'postgres',
  aliases: ['postgresql'],
  env: 'POSTGRES_URL',
  install: () => debian(join(programs(), 'initdb'), ['postgresql']),
  prepare: ({ folder }) => {
    const user = systemUser('postgres');
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    if (user.uid !== undefined) chownSync(data, user.uid, user.gid);
    run(
      join(programs(), 'initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
      {
        ...user,
        cwd: '/tmp',
      },
    );
    // Users of tests come by TCP with a password; we come as postgres without one.
    const rules = 'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n';
    run('sh', ['-c', `printf '${rules.replaceAll('\n', '\\n')}' > ${join(data, 'pg_hba.conf')}`], {
      ...user,
      cwd: '/tmp',
    });
  },
  command: ({ folder, ports, options }) => {
    const settings = {
      port: ports[0],
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
      full_page_writes: 'off',
      shared_buffers: '64MB',
      max_connections: '60',
      max_wal_size: '512MB',
      wal_level: 'logical',
      ...options,
    };
    return {
      file: join(programs(), 'postgres'),
      args: [
        '-D',
        join(folder, 'data'),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      cwd: '/tmp',
      ...systemUser('postgres'),
    };
  },
  ready: (state) => query(`postgres://postgres@127.0.0.1:${state.ports[0]}/postgres`, 'select 1'),
  seed: async (state) => {
    const admin = `postgres://postgres@127.0.0.1:${state.ports[0]}/postgres`;
    await query(admin, `create role millrace login superuser password '${PASSWORD}'`);
    await query(admin, 'create database millrace owner millrace');
  },
  // A killed server that nobody has waited for still has its pid, and the next one would take it for alive.
  afterKill: ({ folder }) => rmSync(join(folder, 'data/postmaster.pid'), { force: true }),
  url: ({ ports }) => `postgres://millrace:${PASSWORD}@127.0.0.1:${ports[0]}/millrace`,
};

async function query(connectionString, text) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
