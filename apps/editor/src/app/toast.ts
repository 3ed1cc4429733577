import { create } from 'zustand';

export interface Toast {
  id: number;
  text: string;
  tone?: 'bad';
  action?: { label: string; run: () => void };
}
export const useToasts = create<{ list: Toast[] }>(() => ({ list: [] }));

let next = 1;
/** A short note at the bottom, gone after 6 s. For things that need no answer. */
export function toast(text: string, options: Omit<Toast, 'id' | 'text'> = {}): void {
  const id = next++;
  useToasts.setState((state) => ({ list: [...state.list.slice(-2), { id, text, ...options }] }));
  setTimeout(() => dismiss(id), 6000);
}
export const dismiss = (id: number) =>
  useToasts.setState((state) => ({ list: state.list.filter((entry) => entry.id !== id) }));
