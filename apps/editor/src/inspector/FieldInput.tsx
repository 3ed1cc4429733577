import {
  Autocomplete,
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useT } from '../i18n/index.js';
import { schemaText } from '../i18n/schema-text.js';
import { FieldIcon } from '../ui/icons.js';
import { ConnectionInput } from './ConnectionInput.js';
import { useFormContext } from './context.js';
import { ExpressionField } from './ExpressionField.js';
import { choicesOf, DURATION_UNITS, durationParts, type FormField, fieldOptions } from './form-model.js';
import { type InputProps, useFormParts } from './form-parts.js';
import { ChoiceInput, JsonInput, ListInput, MapInput, ObjectsInput } from './ListInputs.js';

const placeholderOf = (field: FormField): string => {
  const example = field.hint.placeholder ?? field.schema.default ?? field.schema.examples?.[0];
  return example === undefined || typeof example === 'object' ? '' : String(example);
};

/** One input of the generated form, by the kind of its schema. Empty text removes the property. */
export function FieldInput(props: InputProps) {
  const { field, value, path, set, id, invalid, label } = props;
  const { t, locale } = useT();
  const context = useFormContext();
  const { Form } = useFormParts();
  const placeholder = placeholderOf(field);
  const error = invalid ?? false;
  const text = (next: string) => set(path, next === '' ? undefined : next);
  const described = { 'aria-describedby': `${id}-error` };
  switch (field.kind) {
    case 'expression':
      return <ExpressionField {...props} />;
    case 'connection':
      return <ConnectionInput {...props} />;
    case 'boolean':
      return (
        <Switch
          id={id}
          label={label}
          checked={value ?? field.schema.default ?? false}
          onChange={(event) => set(path, event.currentTarget.checked)}
        />
      );
    case 'number':
      return (
        <NumberInput
          id={id}
          {...described}
          value={value ?? ''}
          placeholder={placeholder}
          error={error}
          hideControls={false}
          {...(field.schema.minimum === undefined ? {} : { min: field.schema.minimum })}
          {...(field.schema.maximum === undefined ? {} : { max: field.schema.maximum })}
          allowDecimal={field.schema.type !== 'integer'}
          clampBehavior="none"
          onChange={(next) => set(path, next === '' ? undefined : typeof next === 'number' ? next : Number(next))}
        />
      );
    case 'enum': {
      const choices = choicesOf(field.schema)!;
      const current = choices.findIndex((choice) => choice.value === (value ?? field.schema.default));
      return (
        <Select
          id={id}
          {...described}
          data={choices.map((choice, n) => ({ value: String(n), label: schemaText(choice.title, locale) }))}
          value={current < 0 ? null : String(current)}
          error={error}
          placeholder={t('form.choose')}
          clearable={!field.required && field.schema.default === undefined}
          allowDeselect={false}
          searchable={choices.length > 8}
          clearButtonProps={{ 'aria-label': t('form.clear') }}
          onChange={(next) => set(path, next === null ? undefined : choices[Number(next)]!.value)}
        />
      );
    }
    case 'field': {
      const options = fieldOptions(context.typeAt(field.hint.port));
      const own = options.find((option) => option.name === value);
      return (
        <Autocomplete
          id={id}
          {...described}
          data={options.map((option) => option.name)}
          value={value ?? ''}
          placeholder={placeholder || t('form.field')}
          error={error}
          onChange={text}
          limit={200}
          classNames={{ input: 'mono-input' }}
          {...(own ? { leftSection: <FieldIcon type={own.type} /> } : {})}
          renderOption={({ option }) => {
            const type = options.find((one) => one.name === option.value)?.type ?? 'any';
            return (
              <span className="field-option">
                <FieldIcon type={type} />
                <span className="mono grow">{option.value}</span>
                <span className="t11 i3">{t(`type.${type}`)}</span>
              </span>
            );
          }}
        />
      );
    }
    case 'fields': {
      const options = fieldOptions(context.typeAt(field.hint.port));
      return (
        <TagsInput
          id={id}
          {...described}
          data={options.map((option) => option.name)}
          value={Array.isArray(value) ? value : []}
          placeholder={value?.length ? '' : t('form.fields')}
          error={error}
          clearable={false}
          onChange={(next) => set(path, next.length === 0 && !field.required ? undefined : next)}
          splitChars={[',', ' ']}
        />
      );
    }
    case 'duration': {
      const { amount, unit } = durationParts(value ?? undefined);
      const fallback = durationParts(field.schema.default);
      const shownUnit = value === undefined && field.schema.default !== undefined ? fallback.unit : unit;
      const write = (next: number | undefined, nextUnit: string) =>
        set(path, next === undefined ? undefined : `${next} ${nextUnit}`);
      return (
        <div className="duration">
          <NumberInput
            id={id}
            {...described}
            value={amount ?? ''}
            placeholder={fallback.amount === undefined ? '' : String(fallback.amount)}
            min={0}
            error={error}
            onChange={(next) => write(next === '' ? undefined : Number(next), shownUnit)}
          />
          <Select
            aria-label={t('form.unit')}
            data={DURATION_UNITS.map((one) => ({ value: one, label: t(`unit.${one}`) }))}
            value={shownUnit}
            allowDeselect={false}
            onChange={(next) => next && write(amount ?? fallback.amount ?? 1, next)}
          />
        </div>
      );
    }
    case 'timezone': {
      const zones = Intl.supportedValuesOf?.('timeZone') ?? [];
      return (
        <Autocomplete
          id={id}
          {...described}
          data={['UTC', ...zones.filter((zone) => zone !== 'UTC')]}
          limit={60}
          value={value ?? ''}
          placeholder={placeholder || 'UTC'}
          error={error}
          onChange={text}
        />
      );
    }
    case 'secret':
      return (
        <PasswordInput
          id={id}
          {...described}
          value={value ?? ''}
          placeholder={placeholder}
          error={error}
          autoComplete="off"
          onChange={(event) => text(event.currentTarget.value)}
        />
      );
    case 'code':
      return (
        <Textarea
          id={id}
          {...described}
          value={value ?? ''}
          placeholder={placeholder}
          error={error}
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          classNames={{ input: 'mono-input' }}
          onChange={(event) => text(event.currentTarget.value)}
        />
      );
    case 'textarea':
      return (
        <Textarea
          id={id}
          {...described}
          value={value ?? ''}
          placeholder={placeholder}
          error={error}
          autosize
          minRows={2}
          maxRows={10}
          onChange={(event) => text(event.currentTarget.value)}
        />
      );
    case 'object':
      return <Form schema={field.schema} value={value} path={path} set={set} />;
    case 'objects':
      return <ObjectsInput {...props} />;
    case 'list':
      return <ListInput {...props} />;
    case 'map':
    case 'fieldmap':
      return <MapInput {...props} />;
    case 'choice':
      return <ChoiceInput {...props} />;
    case 'constant':
      return null;
    case 'json':
      return <JsonInput {...props} />;
    default:
      return (
        <TextInput
          id={id}
          {...described}
          value={value ?? ''}
          placeholder={placeholder}
          error={error}
          spellCheck={false}
          {...(field.kind === 'path' ? { classNames: { input: 'mono-input' } } : {})}
          onChange={(event) => text(event.currentTarget.value)}
        />
      );
  }
}
