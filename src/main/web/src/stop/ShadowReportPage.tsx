import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { write } from '../api/client';
import { useSession } from '../session/session';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { Ago } from '../time/Moment';
import { language, phase, sendReason } from '../words';
import { allowListQuery, shadowMessagesQuery, shadowReportQuery, unitsQuery } from './queries';

const days = 30;

export default function ShadowReportPage() {
  const { id = '' } = useParams();
  const session = useSession();
  const unit = useQuery(unitsQuery).data?.items.find((each) => each.id === id);
  const report = useQuery(shadowReportQuery(id, days));
  const reads = session.role === 'supervisor';
  return (
    <>
      <p>
        <Link to="/stop-and-go/departments">All departments</Link>
      </p>
      <h2 className="section">{unit ? `${unit.name}: what would have gone` : 'What would have gone'}</h2>
      {report.isPending && <Waiting what="Counting" />}
      {report.isError && <Failure problem={report.error} what="The report could not be read" retry={() => void report.refetch()} />}
      {report.data && (
        <>
          <dl className="figures">
            <Figure name="Phase" value={phase(report.data.phase)} />
            <Figure name={`Would have gone in ${days} days`} value={report.data.wouldGo.toLocaleString('en')} />
            <Figure name="Waiting for their time" value={report.data.waiting.toLocaleString('en')} />
            <Figure name="Tasks that would have arisen" value={report.data.tasks.reduce((sum, each) => sum + each.count, 0).toLocaleString('en')} />
          </dl>
          {report.data.days.length > 0 && <DayBars days={report.data.days} />}
          {report.data.lines.length > 0 && (
            <div className="table-wrap">
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">Journey</th>
                    <th scope="col">Text</th>
                    <th scope="col">Outcome</th>
                    <th scope="col" className="number">
                      Messages
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {report.data.lines.map((line) => (
                    <tr key={`${line.journey}|${line.template}|${line.outcome}`}>
                      <td>{line.journey.replaceAll('-', ' ')}</td>
                      <td>{line.template.replaceAll('-', ' ') || '–'}</td>
                      <td>{sendReason(line.outcome)}</td>
                      <td className="number">{line.count.toLocaleString('en')}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {report.data.tasks.length > 0 && (
            <p className="quiet hint">
              Work that would have come: {report.data.tasks.map((each) => `${each.count.toLocaleString('en')} × ${each.reason.replaceAll('-', ' ')}`).join(', ')}.
            </p>
          )}
        </>
      )}
      {reads ? <TheMessages unit={id} /> : <p className="quiet hint">The messages themselves are shown to supervisors.</p>}
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function DayBars({ days }: { days: { day: string; count: number }[] }) {
  const most = Math.max(...days.map((each) => each.count));
  return (
    <ol className="day-bars" aria-label="Messages that would have gone, by day">
      {days.map((each) => (
        <li key={each.day}>
          <span>{each.day}</span>
          <span className="day-bar" style={{ inlineSize: `${(100 * each.count) / most}%` }} aria-hidden="true" />
          <span className="number">{each.count.toLocaleString('en')}</span>
        </li>
      ))}
    </ol>
  );
}

function TheMessages({ unit }: { unit: string }) {
  const queries = useQueryClient();
  const messages = useInfiniteQuery(shadowMessagesQuery(unit, days));
  const allowed = useQuery(allowListQuery(unit));
  const allow = useMutation({
    mutationFn: ({ patient, on }: { patient: string; on: boolean }) =>
      on
        ? write(`/api/v1/units/${unit}/allow-list`, { json: { patient } })
        : write(`/api/v1/units/${unit}/allow-list/${patient}`, { method: 'DELETE' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['allow-list', unit] }),
  });
  const list = new Set(allowed.data?.patients);
  const items = messages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <h2 className="section">The messages</h2>
      {allowed.data && (
        <p className="quiet hint">
          {list.size === 0 ? 'Nobody is on the allow-list yet.' : `${list.size} ${list.size === 1 ? 'patient is' : 'patients are'} on the allow-list.`} In the phase
          “Allow-list” only they are written to.
        </p>
      )}
      {allow.isError && <Failure problem={allow.error} what="The allow-list is as it was" />}
      {messages.isPending && <Waiting what="Reading the messages" />}
      {messages.isError && <Failure problem={messages.error} what="The messages could not be read" retry={() => void messages.refetch()} />}
      {messages.isSuccess && items.length === 0 && (
        <Empty title="Nothing would have gone yet">Once the department is in shadow, each message shows here as the patient would have read it.</Empty>
      )}
      <ul className="shadow-messages">
        {items.map((message) => (
          <li key={message.id}>
            <p>
              <Link to={`/patients/${message.patient}`} className="strong">
                {message.patientName}
              </Link>{' '}
              <span className="quiet">
                <Ago at={message.at} />, {message.template.replaceAll('-', ' ')}, {language(message.locale)}
              </span>
            </p>
            <p className="shadow-text">{message.text}</p>
            <p className="quiet">{message.why}</p>
            {allowed.data && (
              <Button
                variant="default"
                size="xs"
                loading={allow.isPending && allow.variables.patient === message.patient}
                onClick={() => allow.mutate({ patient: message.patient, on: !list.has(message.patient) })}
              >
                {list.has(message.patient) ? 'Take off the allow-list' : 'Put on the allow-list'}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {messages.hasNextPage && (
        <Button variant="default" loading={messages.isFetchingNextPage} onClick={() => void messages.fetchNextPage()}>
          Show earlier ones
        </Button>
      )}
    </>
  );
}
