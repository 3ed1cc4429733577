import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The editor's Chinese texts. The files are read as text, for tests of this folder do not reach into the editor. */
const folder = join(import.meta.dirname, '../../apps/editor/src/i18n');

/** Keys of object literals, one at the start of a line as the formatter puts them: quoted in either way, or a bare name. */
const KEY = /^\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|([A-Za-z_$][\w$]*)):/gm;

const ESCAPES: { readonly [letter: string]: string } = { n: '\n', t: '\t', r: '\r' };

function keysOf(source: string): string[] {
  return Array.from(source.matchAll(KEY), ([, single, double, bare]) =>
    (single ?? double ?? bare ?? '').replace(/\\u([0-9a-fA-F]{4})|\\(.)/g, (_all, code?: string, letter = '') =>
      code ? String.fromCharCode(Number.parseInt(code, 16)) : (ESCAPES[letter] ?? letter),
    ),
  );
}

/** The English texts that have a Chinese one, in the files of the editor that `isWanted` names. */
export function chineseTexts(isWanted: (file: string) => boolean): Set<string> {
  return new Set(
    readdirSync(folder)
      .filter((name) => /^zh.*\.ts$/.test(name) && isWanted(name))
      .flatMap((name) => keysOf(readFileSync(join(folder, name), 'utf8'))),
  );
}
