// Operators of the measurement, cheap enough that what lies between them is what is measured. Also the catalogue of its workers.
import { createCatalogue, defineOperator, defineSource, preciseNow, systemClock, Type } from '@millrace/sdk';

/** Records that repeat: about 150 bytes of JSON each, as an order has them. */
export function pool(keys) {
  const countries = ['DE', 'FR', 'IT', 'ES', 'NL', 'PL', 'SE', 'US'];
  return Array.from({ length: keys }, (_, i) => ({
    id: `order-${100_000 + i}`,
    user: `user-${(i * 7919) % keys}`,
    country: countries[i % countries.length],
    status: i % 5 === 0 ? 'open' : 'paid',
    quantity: 1 + (i % 4),
    price: 4.5 + (i % 200) / 10,
    currency: 'EUR',
    channel: 'web',
  }));
}

/** Gives `count` records over `partitions`, or `rate` a second of them. */
const source = defineSource({
  type: 'bench.source',
  version: 1,
  docs: { title: 'Orders', summary: 'Orders from memory.', category: 'source' },
  config: Type.Object({
    count: Type.Integer(),
    partitions: Type.Integer(),
    keys: Type.Integer(),
    rate: Type.Optional(Type.Number()),
  }),
  outputs: { out: {} },
  examples: [{ title: 'none', config: { count: 0, partitions: 1, keys: 1 } }],
  create: ({ config, wake }) => ({
    live: config.rate !== undefined,
    partitions: () => Array.from({ length: config.partitions }, (_, i) => `p${i}`),
    open: (_partition, position) => {
      const orders = pool(config.keys);
      const total = Math.floor(config.count / config.partitions);
      const rate = config.rate === undefined ? undefined : config.rate / config.partitions;
      let at = position ?? 0;
      let began;
      const ticking = rate === undefined ? undefined : setInterval(wake, 1);
      return {
        poll: (max) => {
          began ??= performance.now();
          const due =
            rate === undefined ? total : Math.min(total, Math.floor(((performance.now() - began) * rate) / 1000));
          const values = [];
          while (at < due && values.length < max) values.push(orders[at++ % orders.length]);
          if (values.length === 0 && at < total) return null;
          return { values, position: at, end: at >= total };
        },
        close: () => clearInterval(ticking),
      };
    },
  }),
});

/** Counts by user and tells at the end when its first record was born, when its last came, and how long they were on their way. */
const count = defineOperator({
  type: 'bench.count',
  version: 1,
  docs: { title: 'Count', summary: 'Counts by user.', category: 'combine' },
  config: Type.Object({ warmUp: Type.Optional(Type.Number()) }),
  inputs: { in: {} },
  outputs: {},
  traits: { partitioning: 'by-key' },
  key: () => ['user'],
  state: { count: { kind: 'value' } },
  examples: [{ title: 'none', config: {} }],
  create: ({ services, config }) => {
    // What waited for the tasks to start says nothing about the way between them.
    const warmUp = config.warmUp ?? 0;
    let records = 0;
    let first = Number.POSITIVE_INFINITY;
    const waits = [];
    return {
      onRecord: (record, _port, ctx) => {
        ctx.state.count.set((ctx.state.count.get() ?? 0) + 1);
        if (record.born < first) first = record.born;
        records++;
        if ((records & 7) === 0 && record.born > first + warmUp) waits.push(preciseNow(systemClock) - record.born);
      },
      finish: () => {
        waits.sort((a, b) => a - b);
        const quantile = (q) => waits[Math.min(waits.length - 1, Math.floor(q * waits.length))];
        services.print(
          JSON.stringify({ records, first, last: preciseNow(systemClock), p50: quantile(0.5), p99: quantile(0.99) }),
        );
      },
    };
  },
});

export const catalogue = createCatalogue([source, count]);

export async function loadCatalogue() {
  return catalogue;
}
