import { Suspense } from 'react';
import { NavLink, Outlet } from 'react-router';
import { useSession } from '../session/session';
import { Waiting } from '../shell/Notices';

export default function StopAndGo() {
  const session = useSession();
  return (
    <main className="page">
      <title>Stop and go · Throughline</title>
      <h1>Stop and go</h1>
      <nav className="section-tabs" aria-label="Stop and go">
        <NavLink to="/stop-and-go" end>
          On hold
        </NavLink>
        <NavLink to="/stop-and-go/departments">Departments</NavLink>
        <NavLink to="/stop-and-go/on-call">Hours and on call</NavLink>
        <NavLink to="/stop-and-go/away">Away</NavLink>
        {(session.role === 'supervisor' || session.role === 'administrator') && <NavLink to="/stop-and-go/spending">Spending</NavLink>}
      </nav>
      <Suspense fallback={<Waiting what="Opening" />}>
        <Outlet />
      </Suspense>
    </main>
  );
}
