// Fails when a source file has grown past the limit: then it is more than one room. Generated files and tables of data are free.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

const LIMIT = 500;

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '*.ts', '*.tsx', '*.mjs', '*.cjs', '*.js', '*.lua'],
  {
    encoding: 'utf8',
  },
).split('\0');

const long = files
  .filter(
    (file) =>
      file !== '' &&
      !file.endsWith('.gen.ts') &&
      !/\/(i18n|locale)\/[a-z]{2}\.ts$/.test(file) &&
      !file.startsWith('test/fixtures/') &&
      statSync(file, { throwIfNoEntry: false }),
  )
  .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
  .filter(({ lines }) => lines > LIMIT);

for (const { file, lines } of long)
  process.stderr.write(`${file}: ${lines} lines, the limit is ${LIMIT}. Split it by what it is about.\n`);
process.exitCode = long.length > 0 ? 1 : 0;
