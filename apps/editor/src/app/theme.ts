import { type CSSVariablesResolver, createTheme } from '@mantine/core';

/** Mantine dressed in the tokens of styles/tokens.css. */
export const theme = createTheme({
  fontFamily: 'var(--mr-font)',
  fontFamilyMonospace: 'var(--mr-mono)',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '14px', xl: '16px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '14px' },
  defaultRadius: 'sm',
  primaryColor: 'blue',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: {
      defaultProps: { openDelay: 400, withArrow: false, fz: 12, multiline: true, maw: 320, color: 'var(--mr-ink)' },
    },
    Modal: {
      defaultProps: {
        radius: 'xl',
        centered: true,
        overlayProps: { color: 'var(--mr-scrim)', backgroundOpacity: 1 },
        transitionProps: { duration: 180 },
      },
    },
    Menu: { defaultProps: { shadow: 'md', radius: 'md', transitionProps: { duration: 120 } } },
    TextInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    Select: {
      defaultProps: {
        size: 'sm',
        comboboxProps: { shadow: 'md', transitionProps: { duration: 100 } },
        checkIconPosition: 'right',
      },
    },
    Autocomplete: { defaultProps: { size: 'sm', comboboxProps: { shadow: 'md', transitionProps: { duration: 100 } } } },
    TagsInput: { defaultProps: { size: 'sm', comboboxProps: { shadow: 'md', transitionProps: { duration: 100 } } } },
    Textarea: { defaultProps: { size: 'sm' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'sm' } },
  },
});

const shared = {
  '--mantine-color-body': 'var(--mr-panel)',
  '--mantine-color-text': 'var(--mr-ink)',
  '--mantine-color-dimmed': 'var(--mr-ink3)',
  '--mantine-color-placeholder': 'var(--mr-ink3)',
  '--mantine-color-default': 'var(--mr-panel)',
  '--mantine-color-default-hover': 'var(--mr-hover)',
  '--mantine-color-default-color': 'var(--mr-ink)',
  '--mantine-color-default-border': 'var(--mr-field)',
  '--mantine-color-error': 'var(--mr-bad)',
  '--mantine-color-anchor': 'var(--mr-pri)',
  '--mantine-primary-color-filled': 'var(--mr-prib)',
  '--mantine-primary-color-filled-hover': 'var(--mr-prib)',
  '--mantine-primary-color-light': 'var(--mr-prit)',
  '--mantine-primary-color-light-color': 'var(--mr-pri)',
  '--mantine-shadow-md': 'var(--mr-sh2)',
  '--mantine-shadow-xl': 'var(--mr-sh3)',
};

export const resolver: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
