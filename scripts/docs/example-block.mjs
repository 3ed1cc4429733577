// An example as the reader sees it: the config, what goes in, what comes out.

import { runOperator } from '../../operators/sdk/dist/testing/index.js';
import { compileExpression } from '../../runtime/graph/dist/index.js';

/** Do steps of an example have times that count from 0, instead of real dates? */
export function countsFromZero(spec) {
  return spec.examples.some(({ input = [] }) =>
    input.some((step) => [step.time, step.watermark, step.clock].some((time) => time !== undefined && !isDate(time))),
  );
}

export function exampleBlock(spec, example) {
  const asItComes = Object.keys(example.config).length === 0;
  const blocks = [
    `### ${example.title}`,
    ...(asItComes ? ['Settings: all as they come.'] : ['Settings:', fence('json', compactJson(example.config))]),
  ];
  for (const [port, { mode, key }] of Object.entries(example.inputModes ?? {})) {
    if (mode === 'upsert')
      blocks.push(
        `Input \`${port}\` is a table: rows replace earlier ones with the same ${key.map((field) => `\`${field}\``).join(', ')}.`,
      );
  }
  for (const [path, text] of Object.entries(example.files ?? {}))
    blocks.push(`File \`${path}\` before:`, fence('', shown(text)));
  if (example.input?.length > 0)
    blocks.push('In:', fence('', example.input.map((step) => stepLine(spec, step)).join('\n')));
  const records = recordsOut(spec, example);
  for (const [port, values] of showsRecords(example) ? Object.entries(example.output ?? {}) : []) {
    const lines = values.map((value, i) => `${opWords(records?.get(port)?.[i]?.op)}${JSON.stringify(value)}`);
    blocks.push(`Out of \`${port}\`:`, lines.length === 0 ? 'nothing.' : fence('', lines.join('\n')));
  }
  if (example.printed?.length > 0) blocks.push('Printed:', fence('', example.printed.join('\n')));
  for (const [path, text] of Object.entries(example.expectFiles ?? {}))
    blocks.push(`File \`${path}\` afterwards:`, fence('', shown(text)));
  return blocks.join('\n\n');
}

/** Examples of outside systems often have no records: what those systems hold is not known here. */
function showsRecords({ input = [], output = {}, files = {}, expectFiles = {}, printed = [] }) {
  return (
    [input, printed, ...Object.values(output)].some((list) => list.length > 0) ||
    [files, expectFiles].some((some) => Object.keys(some).length > 0)
  );
}

/**
 * What comes out when the example is run, for an example lists values alone and not whether a row is new or removed. Undefined for
 * what cannot be run here: sources, and what needs a service or files.
 */
function recordsOut(spec, example) {
  if (spec.kind === 'source' || example.service || example.files || !example.output) return undefined;
  const harness = runOperator(spec, example.config, {
    compile: compileExpression,
    ...(example.inputModes && { inputModes: example.inputModes }),
  });
  for (const step of example.input ?? []) {
    if ('watermark' in step) harness.watermark(step.watermark);
    else if ('clock' in step) harness.clock(step.clock);
    else harness.feed(step);
  }
  if (example.open) harness.commit();
  else harness.end();
  const found = new Map(Object.keys(example.output).map((port) => [port, harness.records(port)]));
  harness.close();
  return found;
}

function opWords(op) {
  return op === 'delete' ? 'row removed ' : op === 'upsert' ? 'row ' : '';
}

/** JSON over several lines, with everything that fits on one line kept there. */
function compactJson(value, indent = '') {
  const flat = JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
  if (value === null || typeof value !== 'object' || indent.length + flat.length <= 100) return flat;
  const deeper = `${indent}  `;
  const list = Array.isArray(value);
  const lines = Object.entries(value).map(
    ([name, inner]) => `${deeper}${list ? '' : `${JSON.stringify(name)}: `}${compactJson(inner, deeper)}`,
  );
  return `${list ? '[' : '{'}\n${lines.join(',\n')}\n${indent}${list ? ']' : '}'}`;
}

function stepLine(spec, step) {
  if ('watermark' in step) return watermarkLine(step.watermark);
  if ('clock' in step) return `the clock shows ${timeText(step.clock)}`;
  const several = Object.keys(spec.inputs ?? {}).length > 1;
  const words = [];
  if (several && step.port) words.push(`${step.port}:`);
  words.push(`${opWords(step.op)}${JSON.stringify(step.value)}`);
  if (step.time !== undefined) words.push(`at ${timeText(step.time)}`);
  return words.join(' ');
}

function watermarkLine(time) {
  const limit = time % 1000 === 999 ? `before ${timeText(time + 1)}` : `up to ${timeText(time)}`;
  return `no record ${limit} comes any more`;
}

/** Small numbers are test times in ms; real ones read better as a date. */
function timeText(time) {
  if (isDate(time)) return new Date(time).toISOString();
  const length = lengthText(time);
  return length === '' ? `${time} ms` : `${time} ms (${length})`;
}

function isDate(time) {
  return Math.abs(time) >= 1e11 && Math.abs(time) <= 8e15;
}

/** 5400000 is 1 h 30 min. Nothing for less than a second. */
function lengthText(ms) {
  if (!(ms >= 1000) || ms >= 1e11) return '';
  const parts = [];
  let rest = ms;
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
    ['ms', 1],
  ]) {
    if (rest >= size) parts.push(`${Math.floor(rest / size)} ${unit}`);
    rest %= size;
  }
  return parts.join(' ');
}

function shown(text) {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

function fence(language, text) {
  const ticks = text.includes('```') ? '````' : '```';
  return `${ticks}${language}\n${text}\n${ticks}`;
}
