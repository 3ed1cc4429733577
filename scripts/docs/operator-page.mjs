// Markdown of an operator: everything comes from its declaration.
import { configTable } from './config-table.mjs';
import { exampleBlock } from './example-block.mjs';
import { table } from './markdown.mjs';

const CATEGORIES = {
  source: 'Sources',
  shape: 'Shape records',
  combine: 'Combine records',
  commerce: 'Commerce',
  predict: 'Predict',
  sink: 'Sinks',
};

const DELIVERY = {
  'exactly-once': 'exactly once: a crash neither loses nor repeats a record',
  'at-least-once': 'at least once: after a crash some records may come again',
  'at-most-once': 'at most once: a crash may lose records',
};

const GENERATED = '<!-- Written by "npm run docs" from the declaration of the operator. Edit that, not this page. -->';

export function indexPage(operators) {
  const blocks = Object.entries(CATEGORIES).flatMap(([category, title]) => {
    const rows = operators.filter(({ docs }) => docs.category === category);
    if (rows.length === 0) return [];
    return [
      `## ${title}`,
      table(
        ['Operator', '', ''],
        rows.map(({ type, docs }) => [`[\`${type}\`](${type}.md)`, docs.title, docs.summary]),
      ),
    ];
  });
  return page([
    '# Operators',
    `${operators.length} operators come with Millrace. \`millrace operators\` lists them together with your own.`,
    ...blocks,
  ]);
}

export function operatorPage(spec) {
  const { type, version, docs } = spec;
  return page([
    `# ${docs.title}`,
    `\`${type}\` version ${version} · ${CATEGORIES[docs.category].toLowerCase()}`,
    docs.summary,
    ...(docs.description ? [docs.description.trim()] : []),
    '## Ports',
    portTable(spec),
    '## Config',
    configTable(spec.config),
    '## Guarantees',
    guarantees(spec),
    spec.examples.length === 1 ? '## Example' : '## Examples',
    ...spec.examples.map((example) => exampleBlock(spec, example)),
  ]);
}

function page(blocks) {
  return `${GENERATED}\n\n${blocks.join('\n\n')}\n`;
}

function portTable(spec) {
  const inputs = spec.kind === 'source' ? {} : spec.inputs;
  const named = typeof spec.outputs === 'function';
  const outputs = named ? spec.outputs(spec.examples[0].config) : spec.outputs;
  const rows = [
    ...Object.entries(inputs).map(([name, port]) => ['in', name, portWords(port)]),
    ...Object.entries(outputs).map(([name, port]) => ['out', name, portWords(port)]),
  ].map(([direction, name, words]) => [direction, `\`${name}\``, words]);
  const note = named ? '\n\nThe config names the outputs; these are those of the first example.' : '';
  return `${table(['Direction', 'Port', ''], rows)}${note}`;
}

function portWords(port) {
  const words = [port.title, port.description].filter(Boolean);
  if (port.required === false) words.push('Optional.');
  if (port.many) words.push('Takes several edges.');
  if (port.accepts === 'append') words.push('Append streams only.');
  if (port.side) words.push('Side output.');
  return words.map(sentence).join(' ');
}

function sentence(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function guarantees(spec) {
  const traits = spec.traits ?? {};
  const lines = [`Delivery: ${DELIVERY[traits.delivery ?? 'exactly-once']}.`];
  if (traits.partitioning === 'by-key') lines.push('Parallel by key: all records of a key meet in one task.');
  else if (traits.parallelism === 'single') lines.push('Always one task.');
  if (traits.deterministic === false) lines.push('Not deterministic: the result depends on the clock.');
  if (traits.eventTime) lines.push('Works in event time: needs a source with a time field.');
  if (traits.fanOut === 'many') lines.push('One input record may become many.');
  const states = Object.entries(spec.state ?? {});
  if (states.length > 0)
    lines.push(`Keeps state: ${states.map(([name, { kind }]) => `\`${name}\` (${kind})`).join(', ')}.`);
  if (traits.liveConfig?.length > 0)
    lines.push(`May change while running: ${traits.liveConfig.map((name) => `\`${name}\``).join(', ')}.`);
  return lines.map((line) => `- ${line}`).join('\n');
}
