import { type ConfigFinding, defineOperator, Field, type Ports, type Static, Type } from '@millrace/sdk';
import { finding } from './shared/finding.js';

const OTHERWISE = 'otherwise';
const PORT_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;

const config = Type.Object(
  {
    rules: Type.Array(
      Type.Object(
        {
          port: Type.String({
            title: 'Output',
            description: 'Name of the output: a letter, then letters, digits, "-" or "_".',
            minLength: 1,
            maxLength: 32,
          }),
          when: Field.expression({
            title: 'When',
            description: 'The rule for records that leave through it.',
            returns: 'boolean',
            examples: ["country == 'DE'"],
          }),
        },
        { additionalProperties: false },
      ),
      { title: 'Rules', description: 'Tried from top to bottom.', minItems: 1, maxItems: 50 },
    ),
    mode: Type.Optional(
      Type.Enum(['first', 'all'], {
        title: 'A record goes to',
        description: 'The first output whose rule is true, or all of them.',
        default: 'first',
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

function outputs({ rules }: Config): Ports {
  const ports: { [name: string]: Ports[string] } = {};
  for (const { port, when } of rules ?? []) if (PORT_NAME.test(port)) ports[port] = { title: port, description: when };
  ports[OTHERWISE] = { title: 'Otherwise', description: 'Records that no rule wants.' };
  return ports;
}

function lint({ rules }: Config): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  const seen = new Set<string>();
  rules.forEach(({ port }, i) => {
    const path = `/rules/${i}/port`;
    if (port === OTHERWISE) {
      found.push(
        finding('ROUTE_PORT_RESERVED', path, 'The output "otherwise" is always there; give this rule another name.', {
          port,
        }),
      );
    } else if (!PORT_NAME.test(port)) {
      found.push(
        finding(
          'ROUTE_PORT_NAME',
          path,
          `"${port}" cannot name an output; use a letter, then letters, digits, "-" or "_".`,
          { port },
        ),
      );
    } else if (seen.has(port)) {
      found.push(
        finding('ROUTE_PORT_TWICE', path, `Two rules are called "${port}"; join them with || or rename one.`, { port }),
      );
    }
    seen.add(port);
  });
  return found;
}

/**
 * Sends a record to the output of the first rule that is true (or of all that are), else to `otherwise`. All rules are computed before
 * anything is sent. Rows of an upsert stream are deleted at the outputs they do not go to, since an earlier version may have gone there.
 */
export const route = defineOperator({
  type: 'core.route',
  version: 1,
  docs: {
    title: 'Route',
    summary: 'Sends each record to the output whose rule it fits.',
    description:
      'Each rule has an output of its own. Records that no rule wants leave through "otherwise"; leave it unlinked to drop them.',
    category: 'shape',
    icon: 'arrows-split',
    zh: { title: '分流', summary: '把每条记录送到符合规则的输出。' },
  },
  config,
  inputs: { in: {} },
  outputs,
  lint,
  summary: ({ rules, mode }: Config) =>
    `${rules.map((rule) => rule.port).join(', ')}${mode === 'all' ? ' (all that fit)' : ''}`,
  mode: (options: Config, inputs) =>
    Object.fromEntries(Object.keys(outputs(options)).map((port) => [port, inputs.in ?? { mode: 'append' }])),
  fields: (options: Config, inputs) =>
    Object.fromEntries(Object.keys(outputs(options)).map((port) => [port, inputs.in])),
  examples: [
    {
      title: 'Orders by destination',
      config: {
        rules: [
          { port: 'domestic', when: "country == 'DE'" },
          { port: 'eu', when: "country in ['FR', 'IT']" },
        ],
      },
      input: [
        { value: { id: 1, country: 'DE' } },
        { value: { id: 2, country: 'IT' } },
        { value: { id: 3, country: 'US' } },
        { value: { id: 4 } },
      ],
      output: {
        domestic: [{ id: 1, country: 'DE' }],
        eu: [{ id: 2, country: 'IT' }],
        otherwise: [{ id: 3, country: 'US' }, { id: 4 }],
      },
    },
    {
      title: 'Every team that must know',
      config: {
        mode: 'all',
        rules: [
          { port: 'fraud', when: 'total > 1000' },
          { port: 'vip', when: 'customer.vip' },
        ],
      },
      input: [
        { value: { id: 1, total: 2500, customer: { vip: true } } },
        { value: { id: 2, total: 20, customer: { vip: false } } },
      ],
      output: {
        fraud: [{ id: 1, total: 2500, customer: { vip: true } }],
        vip: [{ id: 1, total: 2500, customer: { vip: true } }],
        otherwise: [{ id: 2, total: 20, customer: { vip: false } }],
      },
    },
  ],
  create({ config: { rules, mode }, compile }) {
    const ports = [...rules.map((rule) => rule.port), OTHERWISE];
    const tests = rules.map((rule) => compile(rule.when));
    const all = mode === 'all';
    const last = tests.length;
    /** Which outputs the record at hand goes to; the last place is `otherwise`. */
    const chosen: boolean[] = ports.map(() => false);
    return {
      onRecord(record, _port, ctx) {
        if (record.op === 'delete') {
          for (const port of ports) ctx.forward(port, record);
          return;
        }
        if (record.op === 'insert' && !all) {
          for (let i = 0; i < last; i++) {
            if (tests[i]!(record.value, record) === true) {
              ctx.forward(ports[i]!, record);
              return;
            }
          }
          ctx.forward(OTHERWISE, record);
          return;
        }
        let taken = false;
        for (let i = 0; i < last; i++) {
          chosen[i] = (all || !taken) && tests[i]!(record.value, record) === true;
          if (chosen[i]) taken = true;
        }
        chosen[last] = !taken;
        for (let i = 0; i <= last; i++) {
          if (chosen[i]) ctx.forward(ports[i]!, record);
          else if (record.op === 'upsert') ctx.emit(ports[i]!, record.value, record.time, 'delete');
        }
      },
    };
  },
});
