import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useServerEvents } from '../api/events';
import { StopIcon } from '../icons';
import { pagesOf, useSession } from '../session/session';
import { Ago } from '../time/Moment';
import { holdsQuery } from './queries';

/** On every page while something is on hold: nobody should wonder why nothing goes out. */
export function HoldBanner() {
  const session = useSession();
  const listens = ['coordinator', 'supervisor', 'auditor'].includes(session.role);
  return (
    <>
      {listens && <Listening />}
      <Banner linked={pagesOf(session).includes('stop-and-go')} />
    </>
  );
}

function Listening() {
  const queries = useQueryClient();
  useServerEvents({ hold: () => void queries.invalidateQueries({ queryKey: ['holds'] }) });
  return null;
}

function Banner({ linked }: { linked: boolean }) {
  const holds = useQuery(holdsQuery).data?.items ?? [];
  const [first] = holds;
  if (!first) return null;
  const stopped = holds.reduce((sum, hold) => sum + hold.stopped, 0);
  return (
    <aside className="on-hold" aria-label="On hold" role="status">
      <StopIcon />
      <strong>{holds.length === 1 ? `${first.what} is on hold` : `${holds.length} things are on hold`}</strong>
      <span className="on-hold-why">
        {holds.length === 1 ? (
          <>
            {first.reason} ({first.placedBy}, <Ago at={first.placedAt} />)
          </>
        ) : (
          holds.map((hold) => hold.what).join(', ')
        )}
      </span>
      <span>{stopped === 1 ? '1 message waits' : `${stopped.toLocaleString('en')} messages wait`}</span>
      {linked && <Link to="/stop-and-go">Show</Link>}
    </aside>
  );
}
