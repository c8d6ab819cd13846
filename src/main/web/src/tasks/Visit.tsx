import { Tooltip } from '@mantine/core';
import type { Task } from '../api/types';
import { CalendarIcon, CheckIcon } from '../icons';
import { useNow } from '../time/clock';
import { exact, relative, wallClock, zoneName } from '../time/phrases';
import { answer, visitStatus } from '../words';

/** The visit a task is about, by the wall clock of its location. */
export function Visit({ visit }: { visit: NonNullable<Task['appointment']> }) {
  const now = useNow();
  const at = visit.startAt ? Date.parse(visit.startAt) : undefined;
  return (
    <section className="visit" aria-label="The visit">
      <CalendarIcon />
      <div>
        <p>
          {at !== undefined ? (
            <Tooltip label={`For you: ${exact(at)}`}>
              <time dateTime={visit.startAt!} className="strong moment">
                {wallClock(at, visit.zone)} {zoneName(at, visit.zone)}
              </time>
            </Tooltip>
          ) : (
            <span className="strong">No time set</span>
          )}
          {at !== undefined && <span className="quiet"> {relative(at, now)}</span>}
        </p>
        <p>
          {[visit.visitType, visit.location].filter(Boolean).join(', ')}
          {visit.visitType || visit.location ? ' · ' : ''}
          {visitStatus(visit.status)}
          {visit.answer && (
            <span className={visit.answer === 'confirmed' ? 'tone-good' : 'tone-soon'}>
              {' · '}
              {visit.answer === 'confirmed' && <CheckIcon size={13} />} {answer(visit.answer)}
            </span>
          )}
        </p>
      </div>
    </section>
  );
}
