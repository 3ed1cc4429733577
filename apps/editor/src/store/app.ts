import { create } from 'zustand';
import type { Manifest, Template } from '../api/types.js';

export type Theme = 'light' | 'dark';

interface AppState {
  user: { name: string; role: string } | null | undefined;
  manifests: ReadonlyMap<string, Manifest>;
  catalogue: 'loading' | 'ready' | 'failed';
  templates: Template[] | undefined;
  theme: Theme;
  language: string;
  /** The last request got an answer. */
  reachable: boolean;
  lostAt: number | undefined;
  linkUp: boolean;
}

const stored = (key: string) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

const savedTheme = stored('millrace.theme');
export const useApp = create<AppState>(() => ({
  user: undefined,
  manifests: new Map(),
  catalogue: 'loading',
  templates: undefined,
  theme:
    savedTheme === 'light' || savedTheme === 'dark'
      ? savedTheme
      : matchMedia('(prefers-color-scheme: dark)').matches
        ? 'dark'
        : 'light',
  language: stored('millrace.language') ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'),
  reachable: true,
  lostAt: undefined,
  linkUp: false,
}));

export function setTheme(theme: Theme): void {
  localStorage.setItem('millrace.theme', theme);
  document.documentElement.setAttribute('data-mantine-color-scheme', theme);
  useApp.setState({ theme });
}
