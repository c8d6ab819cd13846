import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { Link, Navigate, Outlet, Route, Routes, useLocation } from 'react-router';
import { onSignedOut } from './api/client';
import { sessionQuery } from './api/queries';
import { Empty, Failure, Waiting } from './shell/Notices';
import { idleFor } from './session/idle';
import { pagesOf, SessionContext, useSession, type PageName } from './session/session';
import { Shell } from './shell/Shell';
import { SignIn } from './session/SignIn';
import { TasksPage } from './tasks/TasksPage';
import { role } from './words';

const PatientsPage = lazy(() => import('./patients/PatientsPage'));
const PatientPage = lazy(() => import('./patients/PatientPage'));
const StopAndGo = lazy(() => import('./stop/StopAndGo'));
const StopPage = lazy(() => import('./stop/StopPage'));
const DepartmentsPage = lazy(() => import('./stop/DepartmentsPage'));
const ShadowReportPage = lazy(() => import('./stop/ShadowReportPage'));
const OnCallPage = lazy(() => import('./stop/OnCallPage'));
const SpendingPage = lazy(() => import('./stop/SpendingPage'));
const AwayPage = lazy(() => import('./stop/AwayPage'));
const InboxPage = lazy(() => import('./talk/InboxPage'));
const TextsPage = lazy(() => import('./texts/TextsPage'));
const TextPage = lazy(() => import('./texts/TextPage'));
const JourneysPage = lazy(() => import('./journeys/JourneysPage'));

const LOOK_AGAIN = 10_000;

export function App() {
  const queries = useQueryClient();
  useEffect(() => onSignedOut(() => queries.setQueryData(sessionQuery.queryKey, null)), [queries]);
  return (
    <Routes>
      <Route path="/sign-in" element={<SignIn />} />
      <Route element={<SignedIn />}>
        <Route index element={<First />} />
        <Route element={<Allowed page="tasks" />}>
          <Route path="/tasks/:id?" element={<TasksPage />} />
        </Route>
        <Route element={<Allowed page="inbox" />}>
          <Route path="/inbox/:id?" element={<InboxPage />} />
          <Route path="/inbox/number/:sender" element={<InboxPage />} />
        </Route>
        <Route element={<Allowed page="patients" />}>
          <Route path="/patients" element={<PatientsPage />} />
          <Route path="/patients/:id" element={<PatientPage />} />
        </Route>
        <Route element={<Allowed page="journeys" />}>
          <Route path="/journeys" element={<JourneysPage />} />
        </Route>
        <Route element={<Allowed page="texts" />}>
          <Route path="/texts" element={<TextsPage />} />
          <Route path="/texts/:key" element={<TextPage />} />
        </Route>
        <Route element={<Allowed page="stop-and-go" />}>
          <Route path="/stop-and-go" element={<StopAndGo />}>
            <Route index element={<StopPage />} />
            <Route path="departments" element={<DepartmentsPage />} />
            <Route path="departments/:id" element={<ShadowReportPage />} />
            <Route path="on-call" element={<OnCallPage />} />
            <Route path="spending" element={<SpendingPage />} />
            <Route path="away" element={<AwayPage />} />
          </Route>
        </Route>
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}

/** A page that nobody touches asks whether the session still stands; another page of the same person may keep it. */
function useIdleLogOff(limit: number | undefined) {
  const queries = useQueryClient();
  useEffect(() => {
    if (limit === undefined) return;
    const timer = setInterval(() => {
      if (idleFor() > limit) void queries.refetchQueries({ queryKey: sessionQuery.queryKey });
    }, LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [limit, queries]);
}

function SignedIn() {
  const session = useQuery(sessionQuery);
  const here = useLocation();
  useIdleLogOff(session.data?.idleLogOff);
  if (session.isPending) return <Waiting what="Opening Throughline" />;
  if (session.data === undefined)
    return (
      <main className="lonely">
        <Failure problem={session.error} what="Throughline could not be opened" retry={() => session.refetch()} />
      </main>
    );
  if (session.data === null) return <Navigate to="/sign-in" replace state={{ from: here.pathname + here.search }} />;
  return (
    <SessionContext value={session.data}>
      <Shell>
        <Suspense fallback={<Waiting what="Opening the page" />}>
          <Outlet />
        </Suspense>
      </Shell>
    </SessionContext>
  );
}

function First() {
  const [page] = pagesOf(useSession());
  return page ? <Navigate to={`/${page}`} replace /> : <NotFound />;
}

function Allowed({ page }: { page: PageName }) {
  const session = useSession();
  if (pagesOf(session).includes(page)) return <Outlet />;
  return (
    <main className="lonely">
      <Empty title="This page is not for your role">
        You are signed in as {role(session.role).toLowerCase()}. <Link to="/">Go to your first page</Link>, or sign in as somebody else.
      </Empty>
    </main>
  );
}

function NotFound() {
  return (
    <main className="lonely">
      <Empty title="There is no such page">
        The address may be old or mistyped. <Link to="/">Go to your first page</Link>
      </Empty>
    </main>
  );
}
