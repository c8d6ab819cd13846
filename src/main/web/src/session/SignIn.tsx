import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Navigate, useLocation } from 'react-router';
import { Problem, write } from '../api/client';
import { sessionQuery } from '../api/queries';
import { Mark } from '../shell/Mark';

type From = { from?: string; signedOut?: boolean } | null;

export function SignIn() {
  const session = useQuery(sessionQuery);
  const queries = useQueryClient();
  const state = useLocation().state as From;
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);

  if (session.data) return <Navigate to={state?.from ?? '/'} replace />;

  async function signIn(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await write('/api/v1/session', { form: { username, password }, quiet: true });
      await queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    } catch (caught) {
      setProblem(caught instanceof Problem ? caught : Problem.offline());
      setBusy(false);
    }
  }

  const wrong = problem?.status === 401;
  return (
    <main className="sign-in">
      <form onSubmit={signIn} className="sign-in-form" aria-labelledby="sign-in-title">
        <Mark size={28} />
        <h1 id="sign-in-title">Sign in to Throughline</h1>
        {state?.from && state.from !== '/tasks' && state.from !== '/' && !problem && (
          <p className="quiet">Sign in to go on. What you typed in this tab is kept.</p>
        )}
        {problem && (
          <div role="alert" className="notice notice-bad">
            <strong>{wrong ? 'That name and password do not belong together.' : `${problem.title}.`}</strong>{' '}
            {wrong ? 'Check both, and whether Caps Lock is on.' : problem.detail}
          </div>
        )}
        <TextInput
          label="User name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
          withAsterisk={false}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy} fullWidth>
          Sign in
        </Button>
      </form>
    </main>
  );
}
