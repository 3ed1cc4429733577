import { ApiError, api, onReachable } from '../api/client.js';
import { live } from '../api/live.js';
import { useApp } from '../store/app.js';

/** Trades the one-time token of the address for a session, then loads what every page needs. Returns a stop function. */
export function boot(): () => void {
  const stops = [
    onReachable((reachable) => {
      const state = useApp.getState();
      if (state.reachable !== reachable) useApp.setState({ reachable, lostAt: reachable ? undefined : Date.now() });
    }),
    live.listen(() => undefined),
  ];
  live.onLink = (linkUp) => useApp.setState(linkUp ? { linkUp, reachable: true, lostAt: undefined } : { linkUp });
  void start();
  return () => {
    for (const stop of stops) stop();
  };
}

/** The token of a fragment like `#t=abc`, removed from the address so that it is not kept in the history. */
function takeToken(): string | undefined {
  const match = /[#&]t=([^&]+)/.exec(location.hash);
  if (!match) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  return decodeURIComponent(match[1]!);
}

async function start(): Promise<void> {
  const token = takeToken();
  try {
    if (token) await api.login(token).catch(() => undefined);
    const { user } = await api.session();
    useApp.setState({ user });
    await loadCatalogue();
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 401) useApp.setState({ user: null });
    else setTimeout(start, 1500);
  }
}

export async function loadCatalogue(): Promise<void> {
  try {
    const { operators } = await api.catalogue();
    useApp.setState({ manifests: new Map(operators.map((manifest) => [manifest.type, manifest])), catalogue: 'ready' });
  } catch {
    useApp.setState({ catalogue: 'failed' });
    setTimeout(loadCatalogue, 3000);
  }
}
