import { MantineProvider } from '@mantine/core';
import { lazy, Suspense, useEffect } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { useApp } from '../store/app.js';
import { boot } from './boot.js';
import { CommandCenter } from './CommandCenter.js';
import { OfflineStrip } from './OfflineStrip.js';
import { SignIn } from './SignIn.js';
import { Toasts } from './Toasts.js';
import { resolver, theme } from './theme.js';

const EditorPage = lazy(() => import('../pages/EditorPage.js').then((m) => ({ default: m.EditorPage })));
const Home = lazy(() => import('../pages/Home.js').then((m) => ({ default: m.Home })));
const WorkflowsPage = lazy(() => import('../pages/WorkflowsPage.js').then((m) => ({ default: m.WorkflowsPage })));
const RunsPage = lazy(() => import('../pages/RunsPage.js').then((m) => ({ default: m.RunsPage })));
const ViewsPage = lazy(() => import('../pages/ViewsPage.js').then((m) => ({ default: m.ViewsPage })));
const ConnectionsPage = lazy(() => import('../pages/ConnectionsPage.js').then((m) => ({ default: m.ConnectionsPage })));
const ViewPage = lazy(() => import('../pages/ViewPage.js').then((m) => ({ default: m.ViewPage })));

export function App() {
  const scheme = useApp((s) => s.theme);
  const user = useApp((s) => s.user);
  useEffect(() => boot(), []);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolver} forceColorScheme={scheme}>
      {user === null && <SignIn />}
      {user && (
        <>
          <OfflineStrip />
          <Suspense fallback={null}>
            <Switch>
              <Route path="/" component={Home} />
              <Route path="/workflows" component={WorkflowsPage} />
              <Route path="/workflows/:id">{(params) => <EditorPage key={params.id} id={params.id} />}</Route>
              <Route path="/runs" component={RunsPage} />
              <Route path="/connections" component={ConnectionsPage} />
              <Route path="/views" component={ViewsPage} />
              <Route path="/views/:name">
                {(params) => <ViewPage key={params.name} name={decodeURIComponent(params.name)} />}
              </Route>
              <Route>
                <Redirect to="/" />
              </Route>
            </Switch>
          </Suspense>
          <CommandCenter />
        </>
      )}
      <Toasts />
    </MantineProvider>
  );
}
