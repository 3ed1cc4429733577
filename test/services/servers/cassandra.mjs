import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import cassandraDriver from 'cassandra-driver';
import { maven } from '../lib/process.mjs';

const pom = fileURLToPath(new URL('./cassandra.pom.xml', import.meta.url));
const HEAP = '512m';

/**
 * Cassandra from Maven Central, one node with passwords. A write is acknowledged once the commit log has it (batch): with the
 * standard, periodic, a killed node forgets what it acknowledged since its last marker in the log, up to 100 ms of writes. `options`
 * are top-level lines of cassandra.yaml.
 */
export const cassandra = {
  name: 'cassandra',
  env: 'CASSANDRA_URL',
  // CQL, between nodes.
  ports: 2,
  startTimeout: 180_000,
  install: () => maven(pom),
  prepare: ({ folder, ports, options }) => {
    const settings = {
      cluster_name: 'millrace',
      num_tokens: 1,
      partitioner: 'org.apache.cassandra.dht.Murmur3Partitioner',
      endpoint_snitch: 'SimpleSnitch',
      seed_provider: `[{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: "127.0.0.1:${ports[1]}"}]}]`,
      listen_address: '127.0.0.1',
      rpc_address: '127.0.0.1',
      native_transport_port: ports[0],
      storage_port: ports[1],
      authenticator: 'PasswordAuthenticator',
      authorizer: 'CassandraAuthorizer',
      data_file_directories: `[${join(folder, 'data')}]`,
      commitlog_directory: join(folder, 'commitlog'),
      saved_caches_directory: join(folder, 'caches'),
      hints_directory: join(folder, 'hints'),
      cdc_raw_directory: join(folder, 'cdc'),
      commitlog_sync: 'batch',
      commitlog_segment_size: '8MiB',
      commitlog_total_space: '256MiB',
      memtable_heap_space: '96MiB',
      memtable_offheap_space: '64MiB',
      file_cache_size: '32MiB',
      concurrent_reads: 8,
      // Each waits for the log; those that wait together share one flush.
      concurrent_writes: 64,
      concurrent_compactors: 1,
      disk_optimization_strategy: 'ssd',
      auto_bootstrap: 'false',
      auto_snapshot: 'false',
      ...options,
    };
    const conf = join(folder, 'conf');
    mkdirSync(conf);
    writeFileSync(
      join(conf, 'cassandra.yaml'),
      Object.entries(settings)
        .map(([name, value]) => `${name}: ${value}\n`)
        .join(''),
    );
    writeFileSync(join(conf, 'logback.xml'), LOGGING);
  },
  command: async ({ folder }) => {
    const jars = await maven(pom);
    return {
      file: 'java',
      args: [
        ...FLAGS,
        `-Dcassandra.storagedir=${folder}`,
        `-Dcassandra.config=file://${join(folder, 'conf/cassandra.yaml')}`,
        `-Dlogback.configurationFile=${join(folder, 'conf/logback.xml')}`,
        `-Djava.io.tmpdir=${folder}`,
        `-javaagent:${join(jars, 'jamm-0.3.2.jar')}`,
        '-cp',
        `${join(folder, 'conf')}:${jars}/*`,
        'org.apache.cassandra.service.CassandraDaemon',
      ],
      cwd: folder,
    };
  },
  ready: ({ ports }) => query(ports[0], undefined, 'select release_version from system.local'),
  seed: async ({ ports }) => {
    const keyspace =
      "create keyspace if not exists millrace with replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
    await query(ports[0], undefined, keyspace);
  },
  url: ({ ports }) => `cassandra://cassandra:cassandra@127.0.0.1:${ports[0]}/millrace?dc=datacenter1`,
};

const LOGGING = `<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%d %-5level %logger{20}: %msg%n</pattern></encoder></appender>
  <root level="WARN"><appender-ref ref="out"/></root>
</configuration>
`;

const OPEN = [
  'java.base/java.io',
  'java.base/java.lang',
  'java.base/java.lang.module',
  'java.base/java.lang.ref',
  'java.base/java.lang.reflect',
  'java.base/java.math',
  'java.base/java.net',
  'java.base/java.nio',
  'java.base/java.util',
  'java.base/java.util.concurrent',
  'java.base/java.util.concurrent.atomic',
  'java.base/java.util.jar',
  'java.base/jdk.internal.loader',
  'java.base/jdk.internal.math',
  'java.base/jdk.internal.misc',
  'java.base/jdk.internal.module',
  'java.base/jdk.internal.ref',
  'java.base/jdk.internal.reflect',
  'java.base/jdk.internal.util',
  'java.base/jdk.internal.util.jar',
  'java.base/sun.nio.ch',
  'java.management/com.sun.jmx.remote.internal.rmi',
  'java.management.rmi/com.sun.jmx.remote.internal.rmi',
  'java.rmi/sun.rmi.registry',
  'java.rmi/sun.rmi.server',
  'java.rmi/sun.rmi.transport',
  'java.rmi/sun.rmi.transport.tcp',
  'java.sql/java.sql',
  'jdk.management/com.sun.management.internal',
];

/** Cassandra 4.1 knows Java 11; Java 17 needs the doors that it goes through opened by name. */
const FLAGS = [
  `-Xmx${HEAP}`,
  '-Xms256m',
  '-Xss512k',
  '-XX:+UseG1GC',
  '-XX:-UsePerfData',
  '-XX:+AlwaysPreTouch',
  '-XX:MaxDirectMemorySize=256m',
  '-Djdk.attach.allowAttachSelf=true',
  '-Djava.security.manager=allow',
  '-Dio.netty.tryReflectionSetAccessible=true',
  '-Dcassandra.jmx.local.port=0',
  '-Dcassandra.superuser_setup_delay_ms=0',
  '-Dcassandra.skip_wait_for_gossip_to_settle=0',
  '-Dcassandra.ring_delay_ms=0',
  '-Dcassandra-foreground=yes',
  ...OPEN.flatMap((name) => ['--add-opens', `${name}=ALL-UNNAMED`]),
  ...OPEN.flatMap((name) => ['--add-exports', `${name}=ALL-UNNAMED`]),
];

async function query(port, keyspace, text) {
  const client = new cassandraDriver.Client({
    contactPoints: [`127.0.0.1:${port}`],
    localDataCenter: 'datacenter1',
    keyspace,
    credentials: { username: 'cassandra', password: 'cassandra' },
    socketOptions: { connectTimeout: 3000, readTimeout: 20_000 },
  });
  try {
    await client.connect();
    await client.execute(text);
  } finally {
    await client.shutdown();
  }
}
