import { Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Schema, Value } from '../api/types.js';
import { useT } from '../i18n/index.js';
import { schemaText } from '../i18n/schema-text.js';
import { alternativeOf, blank, choicesOf, type FormField, kindOf, mapValues, titleOf } from './form-model.js';
import { type InputProps, type Path, useFormParts } from './form-parts.js';

const plainField = (schema: Schema, name: string): FormField => ({
  name,
  schema,
  kind: kindOf(schema),
  required: true,
  advanced: false,
  hint: schema['x-ui'] ?? {},
});

/** A list of objects: one small form each, with buttons to add, move and remove. */
export function ObjectsInput({ field, value, path, set, label }: InputProps) {
  const { Form, Input } = useFormParts();
  const { t, locale } = useT();
  const items: Value[] = Array.isArray(value) ? value : [];
  const schema = field.schema.items ?? {};
  const setItem = (at: Path, next: Value) => set(at, next === undefined && at.length === path.length + 1 ? '' : next);
  const swap = (a: number, b: number) => {
    const next = [...items];
    [next[a], next[b]] = [next[b], next[a]];
    set(path, next);
  };
  return (
    <div className="objects">
      {items.map((item, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity of their own
        <div className="object-item" key={n}>
          <div className="object-head">
            <span className="t12 i3 grow">
              {schemaText(schema.title ?? '', locale) || label} {n + 1}
            </span>
            <button
              type="button"
              className="ib xs"
              aria-label={t('form.up')}
              disabled={n === 0}
              onClick={() => swap(n, n - 1)}
            >
              <IconArrowUp size={13} />
            </button>
            <button
              type="button"
              className="ib xs"
              aria-label={t('form.down')}
              disabled={n === items.length - 1}
              onClick={() => swap(n, n + 1)}
            >
              <IconArrowDown size={13} />
            </button>
            <button
              type="button"
              className="ib xs"
              aria-label={t('form.remove')}
              onClick={() =>
                set(
                  path,
                  items.filter((_, other) => other !== n),
                )
              }
            >
              <IconTrash size={13} />
            </button>
          </div>
          {kindOf(schema) === 'object' ? (
            <Form schema={schema} value={item} path={[...path, n]} set={set} />
          ) : (
            <Input
              id={`f-${[...path, n].join('-')}`}
              label={`${label} ${n + 1}`}
              field={plainField(schema, String(n))}
              value={item}
              path={[...path, n]}
              set={setItem}
            />
          )}
        </div>
      ))}
      <button
        type="button"
        className="btn s"
        disabled={items.length >= (field.schema.maxItems ?? 1000)}
        onClick={() => set(path, [...items, blank(schema) ?? ''])}
      >
        <IconPlus size={13} />
        {t('form.add')}
      </button>
    </div>
  );
}

/** A list of plain values: tags for texts, one input each for the rest. */
export function ListInput({ id, field, value, path, set, label, invalid }: InputProps) {
  const { Input } = useFormParts();
  const { t } = useT();
  const schema = field.schema.items ?? {};
  const kind = kindOf(schema);
  const items: Value[] = Array.isArray(value) ? value : [];
  if (kind === 'text' || kind === 'number') {
    const read = (text: string): Value => (kind === 'number' && Number.isFinite(Number(text)) ? Number(text) : text);
    return (
      <TagsInput
        id={id}
        value={items.map(String)}
        error={invalid ?? false}
        placeholder={items.length ? '' : t('form.values')}
        onChange={(next) => set(path, next.length === 0 && !field.required ? undefined : next.map(read))}
      />
    );
  }
  return (
    <div className="objects">
      {items.map((item, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity of their own
        <div className="row g4" key={n}>
          <div className="grow">
            <Input
              id={`f-${[...path, n].join('-')}`}
              label={`${label} ${n + 1}`}
              field={plainField(schema, String(n))}
              value={item}
              path={[...path, n]}
              set={set}
            />
          </div>
          <button
            type="button"
            className="ib s"
            aria-label={t('form.remove')}
            onClick={() =>
              set(
                path,
                items.filter((_, other) => other !== n),
              )
            }
          >
            <IconTrash size={14} />
          </button>
        </div>
      ))}
      <button type="button" className="btn s" onClick={() => set(path, [...items, blank(schema) ?? ''])}>
        <IconPlus size={13} />
        {t('form.add')}
      </button>
    </div>
  );
}

/** A free-form map: name and value, row by row. A renamed row keeps its place. */
export function MapInput({ field, value, path, set, label }: InputProps) {
  const { Input } = useFormParts();
  const { t, locale } = useT();
  const schema = mapValues(field.schema) ?? {};
  const entries = Object.entries((value ?? {}) as { [name: string]: Value });
  const choices = choicesOf(schema);
  const rebuild = (list: Array<[string, Value]>) =>
    set(path, list.length === 0 && !field.required ? undefined : Object.fromEntries(list));
  const fresh = () => {
    for (let n = entries.length + 1; ; n++) if (!entries.some(([name]) => name === `field${n}`)) return `field${n}`;
  };
  return (
    <div className="objects">
      {entries.map(([name, item], n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the name changes while it is typed
        <div className={choices ? 'map-row' : 'map-row wide'} key={n}>
          <TextInput
            aria-label={t('form.name')}
            value={name}
            classNames={{ input: 'mono-input' }}
            onChange={(event) => {
              const next = event.currentTarget.value;
              if (!entries.some(([other], m) => other === next && m !== n))
                rebuild(entries.map((entry, m) => (m === n ? [next, entry[1]] : entry)));
            }}
          />
          {choices ? (
            <Select
              aria-label={t('form.type')}
              allowDeselect={false}
              data={choices.map((choice) => ({ value: String(choice.value), label: schemaText(choice.title, locale) }))}
              value={String(item)}
              onChange={(next) =>
                next &&
                rebuild(
                  entries.map((entry, m) =>
                    m === n ? [entry[0], choices.find((choice) => String(choice.value) === next)!.value] : entry,
                  ),
                )
              }
            />
          ) : (
            <Input
              id={`f-${[...path, n].join('-')}`}
              label={`${label} ${name}`}
              field={plainField(schema, name)}
              value={item}
              path={[...path, name]}
              set={set}
            />
          )}
          <button
            type="button"
            className="ib s"
            aria-label={t('form.remove')}
            onClick={() => rebuild(entries.filter((_, m) => m !== n))}
          >
            <IconTrash size={14} />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="btn s"
        onClick={() => rebuild([...entries, [fresh(), blank(schema) ?? (kindOf(schema) === 'expression' ? '' : null)]])}
      >
        <IconPlus size={13} />
        {t('form.add')}
      </button>
    </div>
  );
}

/** One of several shapes: choose which, then fill it in. */
export function ChoiceInput({ id, field, value, path, set, label }: InputProps) {
  const { Input } = useFormParts();
  const { t, locale } = useT();
  const options = field.schema.anyOf ?? field.schema.oneOf ?? [];
  const current = value === undefined ? -1 : alternativeOf(options, value);
  const chosen = options[current];
  return (
    <div className="choice">
      <Select
        id={id}
        allowDeselect={false}
        placeholder={t('form.choose')}
        data={options.map((option, n) => ({
          value: String(n),
          label: schemaText(titleOf(option, `${label} ${n + 1}`), locale),
        }))}
        value={current < 0 ? null : String(current)}
        clearable={!field.required}
        clearButtonProps={{ 'aria-label': t('form.clear') }}
        onChange={(next) => set(path, next === null ? undefined : (blank(options[Number(next)]!) ?? ''))}
      />
      {chosen && !('const' in chosen) && (
        <Input
          id={`${id}-v`}
          label={label}
          field={plainField(chosen, field.name)}
          value={value}
          path={path}
          set={set}
        />
      )}
    </div>
  );
}

/** Anything else: as JSON, taken over when it parses. */
export function JsonInput({ id, value, path, set }: InputProps) {
  const { t } = useT();
  const outside = value === undefined ? '' : JSON.stringify(value, null, 2);
  const [text, setText] = useState(outside);
  const [bad, setBad] = useState(false);
  useEffect(() => setText((now) => (safeParse(now) === JSON.stringify(value) ? now : outside)), [outside, value]);
  return (
    <Textarea
      id={id}
      value={text}
      autosize
      minRows={2}
      maxRows={14}
      spellCheck={false}
      classNames={{ input: 'mono-input' }}
      error={bad ? t('form.notJson') : false}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        const parsed = safeParse(next);
        setBad(parsed === undefined && next.trim() !== '');
        if (next.trim() === '') set(path, undefined);
        else if (parsed !== undefined) set(path, JSON.parse(parsed));
      }}
    />
  );
}
function safeParse(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}
