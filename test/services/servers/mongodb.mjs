import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { cache, debian, once, run } from '../lib/process.mjs';

const PASSWORD = 'millrace-test';
const VERSION = 'v1.24.2';
const program = join(cache, `ferretdb-${VERSION}`);

/**
 * FerretDB, which speaks MongoDB's protocol and keeps its data in SQLite: Debian has no MongoDB. Its source comes from the Go
 * module proxy and is built once. `options` are flags without the leading dashes. What it lacks: transactions, change streams,
 * `$lookup` and most aggregation operators.
 */
export const mongodb = {
  name: 'mongodb',
  aliases: ['mongo', 'ferretdb'],
  env: 'MONGODB_URL',
  install: async () => {
    if (existsSync(program)) return;
    await once('ferretdb', async () => {
      if (!existsSync(program)) await build();
    });
  },
  prepare: ({ folder }) => mkdirSync(join(folder, 'data')),
  command: ({ folder, ports, options }) => {
    const settings = {
      handler: 'sqlite',
      'listen-addr': `127.0.0.1:${ports[0]}`,
      'sqlite-url': `file:${join(folder, 'data')}/`,
      'state-dir': folder,
      'debug-addr': '-',
      telemetry: 'disable',
      'log-level': 'WARN',
      'setup-database': 'millrace',
      'setup-username': 'millrace',
      'setup-password': PASSWORD,
      ...options,
    };
    return {
      file: program,
      args: ['--test-enable-new-auth', ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)],
      cwd: folder,
    };
  },
  ready: async ({ url }) => {
    const client = new MongoClient(url, { serverSelectionTimeoutMS: 2000, connectTimeoutMS: 2000 });
    try {
      await client.connect();
      await client.db().collection('ready').countDocuments();
    } finally {
      await client.close();
    }
  },
  url: ({ ports }) => `mongodb://millrace:${PASSWORD}@127.0.0.1:${ports[0]}/millrace?authSource=millrace`,
};

/** The module as the proxy has it lacks the file with its version, which a release build would have made. */
async function build() {
  await debian(existsSync('/usr/local/go/bin/go') ? '/usr/local/go/bin/go' : '/usr/bin/go', ['golang']);
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/local/go/bin`, GOFLAGS: '-mod=mod -buildvcs=false' };
  const { Dir: source } = JSON.parse(
    run('go', ['mod', 'download', '-json', `github.com/FerretDB/FerretDB@${VERSION}`], { env, cwd: tmpdir() }),
  );
  const folder = mkdtempSync(join(tmpdir(), 'millrace-ferretdb-build-'));
  try {
    cpSync(source, folder, { recursive: true });
    // The module cache is read-only, and so are copies of it.
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.isDirectory()) chmodSync(join(entry.parentPath ?? entry.path, entry.name), 0o755);
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'build/version/version.txt'), `${VERSION}\n`);
    run('go', ['build', '-o', `${program}.new`, './cmd/ferretdb'], { env, cwd: folder });
    renameSync(`${program}.new`, program);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
