import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import type { TextDetail, TextEdit, TextVersion, TextWording } from '../api/types';
import { BackIcon } from '../icons';
import { useSession } from '../session/session';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { Ago } from '../time/Moment';
import { channel } from '../words';
import { Decide, EditText, RollBack } from './Change';
import { Difference, Findings, Phone } from './Phone';
import { textQuery } from './queries';
import { TextState } from './TextsPage';
import { eventWords, language, textName } from './words';
import './texts.css';

type Doing = { what: 'edit'; wording: TextWording } | { what: 'back'; version: TextVersion } | { what: 'approve' | 'reject'; edit: TextEdit };

export default function TextPage() {
  const { key = '' } = useParams();
  const text = useQuery(textQuery(key));
  return (
    <main className="page page-wide">
      <title>{`${textName(key)} · Throughline`}</title>
      <Link to="/texts" className="back">
        <BackIcon /> All texts
      </Link>
      {text.isPending && <Waiting what="Reading the text" />}
      {text.isError && <Failure problem={text.error} what="The text could not be read" retry={() => void text.refetch()} />}
      {text.data && <Shown text={text.data} />}
    </main>
  );
}

function Shown({ text }: { text: TextDetail }) {
  const session = useSession();
  const [by, setBy] = useState(text.summary.channels[0] ?? 'sms');
  const [doing, setDoing] = useState<Doing>();
  const administrator = session.role === 'administrator';
  const decides = administrator || session.role === 'supervisor';
  const { summary } = text;
  const close = () => setDoing(undefined);
  return (
    <>
      <h1>{textName(summary.key)}</h1>
      {summary.about && <p className="hint">{summary.about}</p>}
      <dl className="text-facts">
        <Fact name="State">
          <TextState state={summary.state} />
        </Fact>
        <Fact name="Said by">{summary.usedBy.map((use) => use.name).join(', ') || 'nobody yet'}</Fact>
        <Fact name="Purpose">
          {summary.purpose}
          {summary.critical && ', critical'}
        </Fact>
        <Fact name="Owner">{summary.owner}</Fact>
        <Fact name="Reviewed by">{summary.reviewer ?? 'nobody yet'}</Fact>
        <Fact name="Expires">{summary.expires ?? 'never'}</Fact>
      </dl>

      {text.proposed.map((edit) => (
        <section key={edit.id} className="text-proposed" aria-label="A change waits">
          <h2>
            A change of {language(edit.locale)} by {channel(edit.channel)} waits
          </h2>
          <p>
            {edit.proposedBy}, <Ago at={edit.proposedAt} />: {edit.reason}
          </p>
          {Object.entries(edit.parts).map(([part, after]) => (
            <Difference key={part} before={edit.replaces?.[part] ?? ''} after={after} />
          ))}
          <Findings findings={edit.findings} />
          {decides && (
            <div className="form-end">
              <Button variant="default" onClick={() => setDoing({ what: 'reject', edit })}>
                {edit.proposedBy === session.username ? 'Take it back…' : 'Turn it down…'}
              </Button>
              {edit.proposedBy === session.username ? (
                <span className="quiet">Somebody else approves it.</span>
              ) : (
                <Button onClick={() => setDoing({ what: 'approve', edit })}>Approve…</Button>
              )}
            </div>
          )}
        </section>
      ))}

      {summary.channels.length > 1 && (
        <div className="chips" role="group" aria-label="Way">
          {summary.channels.map((each) => (
            <button key={each} type="button" aria-pressed={each === by} onClick={() => setBy(each)}>
              {channel(each)}
            </button>
          ))}
        </div>
      )}
      <div className="text-languages">
        {text.wordings
          .filter((wording) => wording.channel === by)
          .map((wording) => (
            <section key={wording.version} aria-label={language(wording.locale)}>
              <div className="text-language">
                <h2>{language(wording.locale)}</h2>
                {administrator && (
                  <Button variant="default" size="xs" onClick={() => setDoing({ what: 'edit', wording })}>
                    Change…
                  </Button>
                )}
              </div>
              <Phone preview={wording.preview} />
              {wording.origin === 'edit' && (
                <p className="quiet text-note">
                  Changed here, approved by {wording.reviewer}, <Ago at={wording.since} />.{' '}
                  {wording.releaseDiffers && 'The release that runs brings another wording; this one stays until it is taken back.'}
                </p>
              )}
            </section>
          ))}
      </div>

      <h2>History</h2>
      {text.history.length === 0 && <Empty title="Nothing has changed yet" />}
      <div className="table-wrap">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">Who</th>
              <th scope="col">Why</th>
              <th scope="col">
                <span className="sr-only">Do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {text.history.map((event, index) => {
              const version = text.versions.find((each) => each.number === event.number && each.locale === event.locale && each.channel === event.channel);
              return (
                <tr key={index}>
                  <td>
                    <Ago at={event.at} />
                  </td>
                  <td>
                    {eventWords(event.kind)} {event.number !== null && `version ${event.number}`}{' '}
                    <span className="quiet">
                      {language(event.locale)}, {channel(event.channel)}
                    </span>
                  </td>
                  <td>{event.by}</td>
                  <td>{event.reason}</td>
                  <td className="row-end">
                    {administrator && version && !version.inForce && (event.kind === 'released' || event.kind === 'approved') && (
                      <Button variant="default" size="xs" onClick={() => setDoing({ what: 'back', version })}>
                        Say this again…
                      </Button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>

      {doing?.what === 'edit' && <EditText text={text} wording={doing.wording} close={close} />}
      {doing?.what === 'back' && <RollBack text={text} version={doing.version} close={close} />}
      {(doing?.what === 'approve' || doing?.what === 'reject') && <Decide edit={doing.edit} approve={doing.what === 'approve'} close={close} />}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
