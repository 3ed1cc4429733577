import { fieldReader, MillraceError, type Value } from '@millrace/sdk';

/** An address with places for values of a record. */
export interface Template {
  texts: readonly string[];
  fields: readonly { name: string; read: (value: Value) => Value }[];
}

/** Names in braces, in order. */
export function templateFields(text: string): string[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1]!);
}

/** A place may stand in the path or behind the ?, never in the host: a record must not choose whom we call. */
export function templateOf(text: string): Template | MillraceError {
  const names = templateFields(text);
  const texts = text.split(/\{[^{}]*\}/);
  const first = texts[0] ?? '';
  const hostOpen =
    /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*$/i.test(first) || (first === '' && names.length > 0 && text.includes('://'));
  if (names.some((name) => name.trim() === '') || texts.some((part) => /[{}]/.test(part)))
    return wrong('The braces in the address do not hold a field each.');
  if (names.length > 0 && hostOpen)
    return wrong('A field may stand in the path or behind the ?, not in the host of the address.');
  return { texts, fields: names.map((name) => ({ name, read: fieldReader(name.trim()) })) };
}

/** The address for a record, each value encoded. Throws ADDRESS_VALUE when a value is missing or is no single value. */
export function fillTemplate({ texts, fields }: Template, value: Value): string {
  let url = texts[0]!;
  for (const [i, { name, read }] of fields.entries()) {
    const found: Value = read(value);
    const text =
      typeof found === 'string' ? found : typeof found === 'number' || typeof found === 'boolean' ? String(found) : '';
    // "." and ".." would walk up the path although nothing in them is encoded.
    if (text === '' || text === '.' || text === '..') {
      throw new MillraceError(`The field "${name}" has no value that can stand in an address.`, {
        code: 'ADDRESS_VALUE',
        params: { field: name },
        hint: 'Filter such records out before, or fill the field.',
      });
    }
    url += encodeURIComponent(text) + texts[i + 1]!;
  }
  return url;
}

function wrong(message: string): MillraceError {
  return new MillraceError(message, { code: 'ADDRESS_TEMPLATE', hint: 'Write it like /customers/{customerId}.' });
}
