import { create } from 'zustand';

/** Dialogs and lists of the whole app that keys and menus open. */
export const useUi = create<{
  palette: boolean;
  cheatSheet: boolean;
  publish: boolean;
  kill: boolean;
  versions: boolean;
  find: boolean;
}>(() => ({
  palette: false,
  cheatSheet: false,
  publish: false,
  kill: false,
  versions: false,
  find: false,
}));
