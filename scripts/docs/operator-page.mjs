// Markdown of an operator: everything comes from its declaration.
import { configTable } from './config-table.mjs';
import { countsFromZero, exampleBlock } from './example-block.mjs';
import { table } from './markdown.mjs';

/** The headings of the editor's palette, and what stands under each on the index. */
const CATEGORIES = {
  source: { title: 'Sources', about: 'Where records come from. Every workflow begins with one.' },
  shape: {
    title: 'Clean and shape',
    about: 'Choose records, change them, put them into order, hide what others must not see.',
  },
  combine: {
    title: 'Combine and count',
    about: `Totals, lists, and records that belong together. Which one brings two things together?

- What stands in a list or a file, such as the tax rate of a country: **Look up**; in a database: the **Look up in …** of that database.
- What was valid at that time, such as the price of the day: **Join with history**.
- What happens close together, such as an order and its payment: **Join in time**.
- What falls into the same hour or day: **Join per window**.
- What belongs together however far apart: **Join**.
- Streams of the same kind, such as the orders of two shops: **Union**.`,
  },
  commerce: {
    title: 'Stock and orders',
    about: 'Made for a shop: little to set, and the figures have the names that shops use.',
  },
  predict: { title: 'Predict and score', about: 'What is likely to happen.' },
  sink: {
    title: 'Destinations',
    about: 'Where results go: a table to look at, a file, another system. (Developers call them sinks.)',
  },
};

const DELIVERY = {
  'exactly-once': 'exactly once: a crash neither loses nor repeats a record',
  'at-least-once': 'at least once: after a crash some records may come again',
  'at-most-once': 'at most once: a crash may lose records',
};

/** A word of the glossary, with the way there. */
const word = (text, anchor) => `[${text}](../guides/glossary.md#${anchor})`;

const GENERATED = '<!-- Written by "npm run docs" from the declaration of the operator. Edit that, not this page. -->';

export function indexPage(operators) {
  const blocks = Object.entries(CATEGORIES).flatMap(([category, { title, about }]) => {
    const rows = operators.filter(({ docs }) => docs.category === category);
    if (rows.length === 0) return [];
    return [
      `## ${title}`,
      about,
      table(
        ['Name', 'What it does', 'In graphs as JSON'],
        rows.map(({ type, docs }) => [`[${docs.title}](${type}.md)`, docs.summary, `\`${type}\``]),
      ),
    ];
  });
  return page([
    '# Operators',
    `An ${word('operator', 'node')} is a kind of step: one reads orders, another keeps only the paid ones, a third adds them up per day. You put it on the canvas and draw a line to the next one. ${operators.length} come with Millrace, each with a page of its own.`,
    'New here? Begin with the [simulated shop](generator.shop.md), which makes orders to try things on, then a [filter](core.filter.md), [sales figures](commerce.sales-stats.md) and a [live table](view.table.md) to look at them. Words that are new to you are in the [glossary](../guides/glossary.md). How to reach your database or shop system stands in [connections](../guides/connections.md). In a terminal, `millrace operators` lists all operators, yours too.',
    ...blocks,
  ]);
}

export function operatorPage(spec) {
  const { type, version, docs } = spec;
  const examples = spec.examples.map((example) => exampleBlock(spec, example));
  return page([
    `# ${docs.title}`,
    `\`${type}\` version ${version} · ${CATEGORIES[docs.category].title.toLowerCase()}`,
    docs.summary,
    glossaryNote(spec),
    ...(docs.description ? [docs.description.trim()] : []),
    ...connectionNote(spec),
    '## Ports',
    portTable(spec),
    '## Settings',
    configTable(spec.config),
    '## Guarantees',
    guarantees(spec),
    spec.examples.length === 1 ? '## Example' : '## Examples',
    ...exampleNotes(spec, examples),
    ...examples,
  ]);
}

/** Pages of outside systems use the words of those systems, which have a part of the glossary to themselves. */
function glossaryNote({ type, connection }) {
  const others =
    connection !== undefined || /^(http|websocket)\./.test(type)
      ? '; those of databases, queues and web services in its part on [other systems](../guides/glossary.md#other-systems)'
      : '';
  return `*Words such as record, key, table or event time are explained in the [glossary](../guides/glossary.md)${others}.*`;
}

/** What a reader has to know to follow the examples. */
function exampleNotes(spec, examples) {
  const notes = [];
  if (countsFromZero(spec))
    notes.push(
      '*Times count from 0 here, in milliseconds (ms), so that they are easy to follow: 60000 ms is one minute. Real records carry real times.*',
    );
  if (examples.some((text) => /^(?:\w+: )?row(?: removed)? \{/m.test(text)))
    notes.push(
      `*\`row\` stands before a row of a ${word('table', 'table')}: it replaces the earlier row of the same ${word('key', 'key')}. \`row removed\` takes it away.*`,
    );
  return notes;
}

/** Whom to ask for what: a page about an outside system is read by somebody who does not look after that system. */
function connectionNote({ connection, config }) {
  if (connection === undefined) return [];
  const needs = config.required?.includes('connection') ? 'It needs' : 'It can use';
  return [
    `${needs} a [connection](../guides/connections.md): ask whoever looks after that system for address and sign-in, enter them once on the page *Connections*, and choose the name here.`,
  ];
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
  const note = named ? '\n\nThe settings name the outputs; these are those of the first example.' : '';
  return `${table(['Direction', 'Port', 'What passes'], rows)}${note}`;
}

function portWords(port) {
  const words = [port.title, port.description].filter(Boolean);
  if (port.required === false) words.push('Optional.');
  if (port.many) words.push('Takes several lines.');
  if (port.accepts === 'append')
    words.push(`Takes a ${word('stream of events', 'stream')}, no ${word('table', 'table')}.`);
  if (port.side) words.push('An output beside the main one: draw a line from it if you want to see this.');
  return words.map(sentence).join(' ');
}

function sentence(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function guarantees(spec) {
  const traits = spec.traits ?? {};
  const others = spec.delivery === undefined ? '' : ' Some settings change this.';
  const lines = [`${word('Delivery', 'delivery')}: ${DELIVERY[traits.delivery ?? 'exactly-once']}.${others}`];
  if (traits.partitioning === 'by-key')
    lines.push(
      `The work can be spread: all records of one ${word('key', 'key')} go to the same ${word('task', 'task')}.`,
    );
  else if (traits.parallelism === 'single')
    lines.push(`Always one ${word('task', 'task')}: the work cannot be spread.`);
  const byClock = traits.deterministic === false;
  if (byClock && !traits.eventTime)
    lines.push(
      'Depends on the clock or on what others answer: the same records may give another result when they are run again.',
    );
  if (traits.eventTime) {
    const otherwise = byClock
      ? 'or by the clock when it is set so: then the same records may give another result when they are run again. For event time'
      : 'not by the clock:';
    lines.push(
      `Goes by ${word('event time', 'event-time')}, ${otherwise} the source must name the field with the time ("Time field").`,
    );
  }
  if (traits.fanOut === 'many') lines.push('One record that comes in may become many.');
  const states = Object.entries(spec.state ?? {});
  if (states.length > 0)
    lines.push(
      `${word('Remembers', 'state')} what it needs through stops and crashes (developers find it as ${states.map(([name]) => `\`${name}\``).join(', ')}).`,
    );
  if (traits.liveConfig?.length > 0)
    lines.push(
      `Settings that may be changed while it runs: ${traits.liveConfig.map((name) => `\`${name}\``).join(', ')}.`,
    );
  return lines.map((line) => `- ${line}`).join('\n');
}
