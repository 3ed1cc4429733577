import { create } from 'zustand';
import { api } from '../api/client.js';
import type { Connection, ConnectionKind } from '../api/types.js';
import { recheckDraft } from '../store/session.js';

interface ConnectionsState {
  connections: Connection[] | undefined;
  kinds: ConnectionKind[];
  failed: boolean;
}

/** The kept connections, shared by the page and the pickers in forms. */
export const useConnections = create<ConnectionsState>(() => ({ connections: undefined, kinds: [], failed: false }));

export async function loadConnections(): Promise<void> {
  try {
    const { connections, kinds } = await api.connections();
    useConnections.setState({ connections, kinds, failed: false });
  } catch {
    useConnections.setState({ failed: true });
  }
}

/** A changed list changes the findings of the open draft: it is checked again. */
export async function reloadConnections(): Promise<void> {
  await loadConnections();
  recheckDraft();
}

export const kindTitle = (kinds: readonly ConnectionKind[], kind: string) =>
  kinds.find((one) => one.kind === kind)?.title ?? kind;
