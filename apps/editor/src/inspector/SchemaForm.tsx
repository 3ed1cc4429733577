import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { Value } from '../api/types.js';
import { useT } from '../i18n/index.js';
import { schemaText } from '../i18n/schema-text.js';
import { sentenceOf } from '../problems/sentence.js';
import { useFormContext } from './context.js';
import { FieldInput } from './FieldInput.js';
import { type FormField, fieldsOf, titleOf, visible } from './form-model.js';
import { type FormParts, FormPartsContext, type FormProps, type Path } from './form-parts.js';

/** The form of an object schema; `set` gets the path of what changed and its new value (undefined removes it). */
export function SchemaForm({ schema, value, path, set }: FormProps) {
  const { t } = useT();
  const [more, setMore] = useState(false);
  const fields = fieldsOf(schema).filter((field) => field.kind !== 'constant' && visible(field, schema, value));
  const plain = fields.filter((field) => !field.advanced || field.required);
  const advanced = fields.filter((field) => field.advanced && !field.required);
  const row = (field: FormField) => (
    <FormRow key={field.name} field={field} value={value?.[field.name]} path={[...path, field.name]} set={set} />
  );
  return (
    <FormPartsContext value={PARTS}>
      <div className="form">
        {plain.map(row)}
        {advanced.length > 0 && (
          <>
            <button type="button" className="form-more" aria-expanded={more} onClick={() => setMore(!more)}>
              {more ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
              {t('form.more')}
            </button>
            {more && advanced.map(row)}
          </>
        )}
      </div>
    </FormPartsContext>
  );
}

const PARTS: FormParts = { Form: SchemaForm, Input: FieldInput };

export const pointer = (base: string, path: Path) =>
  base + path.map((part) => `/${String(part).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');

function FormRow({
  field,
  value,
  path,
  set,
}: {
  field: FormField;
  value: Value;
  path: Path;
  set: (path: Path, value: Value) => void;
}) {
  const { locale } = useT();
  const context = useFormContext();
  const here = pointer(context.base, path);
  // A finding about a missing property points at the object that lacks it, or at the property itself.
  const finding = context.findings.find(
    (one) =>
      one.path === here || (field.kind !== 'object' && field.kind !== 'objects' && one.path.startsWith(`${here}/`)),
  );
  const error = finding && !(field.kind === 'expression' && finding.range) ? sentenceOf(finding, locale) : undefined;
  const label = schemaText(titleOf(field.schema, field.name), locale);
  const description = field.schema.description && schemaText(field.schema.description, locale);
  const inline = field.kind === 'boolean';
  const id = `f-${path.join('-')}`;
  const input = (
    <FieldInput
      id={id}
      field={field}
      label={label}
      value={value}
      path={path}
      set={set}
      invalid={finding?.severity === 'error'}
    />
  );
  if (field.kind === 'object') {
    return (
      <fieldset className="form-group">
        <legend className="sec">{label}</legend>
        {description && <p className="form-help">{description}</p>}
        {input}
      </fieldset>
    );
  }
  return (
    <div className={`form-row ${inline ? 'inline' : ''}`} data-field={field.name}>
      {inline ? (
        input
      ) : (
        <>
          <label className="form-label" htmlFor={id} id={`${id}-label`}>
            {label}
            {field.required && (
              <span className="i3" aria-hidden>
                {' '}
                *
              </span>
            )}
            {field.hint.unit && <span className="i3 form-unit">{field.hint.unit}</span>}
          </label>
          {input}
        </>
      )}
      {error && (
        <p className={`form-error ${finding?.severity === 'error' ? 'bad' : 'warn'}`} id={`${id}-error`}>
          {error}
        </p>
      )}
      {description && !error && <p className="form-help">{description}</p>}
    </div>
  );
}
