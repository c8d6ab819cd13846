import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import { useServerEvents } from '../api/events';
import { patientQuery, timelineQuery } from '../api/queries';
import type { TimelineEntry } from '../api/types';
import { BackIcon, WarningIcon } from '../icons';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { useNow } from '../time/clock';
import { day } from '../time/phrases';
import { Entry } from './Entry';
import { PatientCard } from './PatientCard';
import { RecordSection } from './RecordSection';

const groups: [string, string[]][] = [
  ['Messages', ['message', 'reply']],
  ['Visits', ['appointment']],
  ['Journeys', ['journey', 'decision']],
  ['Tasks', ['task']],
  ['Consent', ['consent']],
  ['Calls and notes', ['call', 'note']],
];

export default function PatientPage() {
  const { id = '' } = useParams();
  return <OnePatient key={id} id={id} />;
}

function OnePatient({ id }: { id: string }) {
  const queries = useQueryClient();
  const card = useQuery(patientQuery(id));
  const timeline = useInfiniteQuery(timelineQuery(id));
  const [chosen, setChosen] = useState<string | null>(null);
  const [news, setNews] = useState(false);
  const scroll = useRef<HTMLElement>(null);

  async function refresh() {
    setNews(false);
    await queries.invalidateQueries({ queryKey: timelineQuery(id).queryKey });
    scroll.current?.scrollTo({ top: 0 });
  }

  useServerEvents({
    timeline: (event) => {
      if (event.patient !== id) return;
      // At the top nobody is reading further down: bring it in. Otherwise say so and wait.
      if ((scroll.current?.scrollTop ?? 0) < 40) void refresh();
      else setNews(true);
    },
  });

  const all = timeline.data?.pages.flatMap((page) => page.items) ?? [];
  const kinds = groups.find(([name]) => name === chosen)?.[1];
  const shown = kinds ? all.filter((entry) => kinds.includes(entry.kind)) : all;
  const planned = shown.filter((entry) => entry.planned).sort((one, other) => one.at.localeCompare(other.at));
  const past = shown.filter((entry) => !entry.planned);

  return (
    <div className="panes panes-patient">
      <title>{card.data ? `${card.data.name} · Throughline` : 'Patient · Throughline'}</title>
      <aside className="pane pane-patient" aria-label="Who it is about">
        <Link to="/patients" className="back">
          <BackIcon /> Find another patient
        </Link>
        {card.isPending && <Waiting what="Opening the patient" />}
        {card.isError && !card.data && <Failure problem={card.error} what="The patient could not be opened" retry={() => void card.refetch()} />}
        {card.data && <PatientCard card={card.data} />}
      </aside>
      <main className="pane pane-timeline" ref={scroll} aria-label="What happened and what is planned">
        {card.data?.status === 'disputed' && (
          <p role="status" className="notice frozen">
            <span>
              <WarningIcon /> <strong>Frozen:</strong> nothing is sent until somebody settles whose record this is.
            </span>
          </p>
        )}
        {card.data && <RecordSection key={card.data.id} card={card.data} />}
        <div className="chips" role="group" aria-label="Show only">
          <button type="button" aria-pressed={chosen === null} onClick={() => setChosen(null)}>
            Everything
          </button>
          {groups.map(([name]) => (
            <button key={name} type="button" aria-pressed={chosen === name} onClick={() => setChosen(chosen === name ? null : name)}>
              {name}
            </button>
          ))}
        </div>
        <div aria-live="polite">
          {news && (
            <button type="button" className="announce" onClick={() => void refresh()}>
              Something new <span>Show</span>
            </button>
          )}
        </div>
        {timeline.isPending && <Waiting what="Reading what happened" />}
        {timeline.isError && all.length === 0 && (
          <Failure problem={timeline.error} what="What happened could not be read" retry={() => void timeline.refetch()} />
        )}
        {timeline.isSuccess && shown.length === 0 && (
          <Empty title={chosen ? `No ${chosen.toLowerCase()} so far` : 'Nothing has happened yet'}>
            {chosen ? 'Choose “Everything” to see the rest.' : 'Visits from the record, messages and replies come here as they happen.'}
          </Empty>
        )}
        {planned.length > 0 && (
          <section className="planned" aria-label="Planned">
            <h2>Planned</h2>
            <ol className="entries">
              {planned.map((entry) => (
                <Entry key={entry.id} entry={entry} zone={card.data?.zone} />
              ))}
            </ol>
          </section>
        )}
        <Days entries={past} zone={card.data?.zone} />
        {timeline.isFetchNextPageError && <Failure problem={timeline.error} what="Nothing older could be read" kept="What is above stays." />}
        {timeline.hasNextPage && (
          <Button variant="default" loading={timeline.isFetchingNextPage} onClick={() => void timeline.fetchNextPage()}>
            Load older
          </Button>
        )}
      </main>
    </div>
  );
}

function Days({ entries, zone }: { entries: TimelineEntry[]; zone?: string | null }) {
  const now = useNow();
  const days = new Map<string, TimelineEntry[]>();
  for (const entry of entries) {
    const name = day(Date.parse(entry.at), now, zone);
    days.set(name, [...(days.get(name) ?? []), entry]);
  }
  return [...days].map(([name, those]) => (
    <section key={name} aria-label={name}>
      <h2 className="day">{name}</h2>
      <ol className="entries">
        {those.map((entry) => (
          <Entry key={entry.id} entry={entry} zone={zone} />
        ))}
      </ol>
    </section>
  ));
}
