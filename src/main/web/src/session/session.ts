import { createContext, useContext } from 'react';
import type { Session } from '../api/types';

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('Used outside of a signed-in page');
  return session;
}

export type PageName = 'tasks' | 'inbox' | 'patients' | 'journeys' | 'texts' | 'stop-and-go';

const pages: Record<string, PageName[]> = {
  coordinator: ['tasks', 'inbox', 'patients', 'journeys', 'stop-and-go'],
  supervisor: ['tasks', 'inbox', 'patients', 'journeys', 'texts', 'stop-and-go'],
  modeler: ['journeys', 'texts'],
  administrator: ['journeys', 'texts', 'stop-and-go'],
  auditor: ['patients'],
};

/** What a role may open; the server decides anyway, this only spares dead ends. */
export function pagesOf(session: Session): PageName[] {
  return pages[session.role] ?? [];
}
