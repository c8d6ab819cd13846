import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useServerEvents } from '../api/events';
import { timelineQuery } from '../api/queries';
import { Failure, Waiting } from '../shell/Notices';
import { Entry } from './Entry';

const SHOWN = 8;

/** What was said last, beside the task. */
export function RecentTimeline({ patient }: { patient: string }) {
  const queries = useQueryClient();
  const timeline = useInfiniteQuery(timelineQuery(patient));
  useServerEvents({
    timeline: (event) => {
      if (event.patient === patient) void queries.invalidateQueries({ queryKey: timelineQuery(patient).queryKey });
    },
  });
  const entries = timeline.data?.pages[0]?.items ?? [];
  if (timeline.isPending) return <Waiting what="Reading what was said" />;
  if (timeline.isError && entries.length === 0)
    return <Failure problem={timeline.error} what="What was said could not be read" retry={() => void timeline.refetch()} />;
  return (
    <section className="recent" aria-label="Lately">
      <h3>Lately</h3>
      {entries.length === 0 && <p className="quiet">Nothing was said or planned yet.</p>}
      <ol className="entries">
        {entries.slice(0, SHOWN).map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {(entries.length > SHOWN || timeline.hasNextPage) && <Link to={`/patients/${patient}`}>Everything about this patient</Link>}
    </section>
  );
}
