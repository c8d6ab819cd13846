import { ActionIcon, Tooltip, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, NavLink, useNavigate } from 'react-router';
import { write } from '../api/client';
import { sessionQuery } from '../api/queries';
import { AutoIcon, MoonIcon, QuestionIcon, SearchIcon, SignOutIcon, SunIcon } from '../icons';
import { pagesOf, useSession, type PageName } from '../session/session';
import { dropAllDrafts } from '../tasks/drafts';
import { role } from '../words';
import { HoldBanner } from '../stop/HoldBanner';
import { Help } from './Help';
import { useKeys } from './keys';
import { Mark } from './Mark';

const names: Record<PageName, string> = { tasks: 'Tasks', inbox: 'Inbox', patients: 'Patients', journeys: 'Journeys', texts: 'Texts', 'stop-and-go': 'Stop and go' };

export function Shell({ children }: { children: ReactNode }) {
  const session = useSession();
  const navigate = useNavigate();
  const [help, setHelp] = useState(false);
  const pages = pagesOf(session);
  const finds = pages.includes('patients');
  const find = () => void navigate('/patients', { state: { find: Date.now() } });
  useKeys({ '?': () => setHelp(true), '/': () => finds && find() });
  return (
    <div className="shell">
      <a href="#content" className="skip">
        Skip to the content
      </a>
      {session.local && <PracticeBanner simulator={session.simulatorUrl} />}
      <HoldBanner />
      <header className="header">
        <Link to="/" className="brand" aria-label="Throughline, to the first page">
          <Mark /> <span>Throughline</span>
        </Link>
        <nav aria-label="Pages" className="nav">
          {pages.map((page) => (
            <NavLink key={page} to={`/${page}`}>
              {names[page]}
            </NavLink>
          ))}
        </nav>
        <div className="header-end">
          {finds && (
            <Tooltip label="Find a patient (/)">
              <ActionIcon className="only-desk" aria-label="Find a patient" onClick={find}>
                <SearchIcon />
              </ActionIcon>
            </Tooltip>
          )}
          <Tooltip label="Keys (?)">
            <ActionIcon className="only-desk" aria-label="Keys" onClick={() => setHelp(true)}>
              <QuestionIcon />
            </ActionIcon>
          </Tooltip>
          <ColorScheme />
          <div className="me">
            <span className="me-name">{session.displayName}</span>
            <span className="me-role">
              {role(session.role)} · {session.orgUnit.name}
            </span>
          </div>
          <SignOut />
        </div>
      </header>
      <div id="content" className="content" tabIndex={-1}>
        {children}
      </div>
      <Help opened={help} close={() => setHelp(false)} />
    </div>
  );
}

function PracticeBanner({ simulator }: { simulator: string | null }) {
  return (
    <aside className="practice" aria-label="Practice">
      <strong>Practice</strong>
      <span>simulated carriers, synthetic patients</span>
      {simulator && (
        <a href={simulator} target="throughline-phones" rel="noreferrer">
          Open the patients’ phones
        </a>
      )}
    </aside>
  );
}

const schemes = {
  auto: { next: 'light', words: 'Colours follow your device', icon: <AutoIcon /> },
  light: { next: 'dark', words: 'Light colours', icon: <SunIcon /> },
  dark: { next: 'auto', words: 'Dark colours', icon: <MoonIcon /> },
} as const;

function ColorScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { next, words, icon } = schemes[colorScheme];
  return (
    <Tooltip label={`${words}; click to change`}>
      <ActionIcon aria-label={`${words}; change`} onClick={() => setColorScheme(next)}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

function SignOut() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: () => write('/api/v1/session', { method: 'DELETE', quiet: true }),
    onSuccess: () => {
      dropAllDrafts(sessionStorage);
      navigate('/sign-in', { replace: true });
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, null);
    },
  });
  return (
    <Tooltip label={signOut.isError ? 'You are still signed in: the server did not answer. Try again.' : 'Sign out'}>
      <ActionIcon aria-label="Sign out" onClick={() => signOut.mutate()} loading={signOut.isPending} color={signOut.isError ? 'red' : 'gray'}>
        <SignOutIcon />
      </ActionIcon>
    </Tooltip>
  );
}
