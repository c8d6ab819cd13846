import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { channel } from '../words';
import { CheckIcon, ClockIcon, WarningIcon } from '../icons';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { textsQuery } from './queries';
import { language, textName, textState } from './words';
import './texts.css';

export function TextState({ state }: { state: string }) {
  const { words, tone } = textState(state);
  const icon = tone === 'bad' ? <WarningIcon /> : tone === 'soon' ? <ClockIcon /> : <CheckIcon />;
  return (
    <span className={`text-state text-state-${tone}`}>
      {icon} {words}
    </span>
  );
}

export default function TextsPage() {
  const texts = useQuery(textsQuery);
  const items = texts.data?.items ?? [];
  return (
    <main className="page">
      <title>Texts · Throughline</title>
      <h1>Texts</h1>
      <p className="quiet hint">What patients read and hear from us. Each text has an owner; a change is approved by somebody else and holds from the next message on.</p>
      {texts.isPending && <Waiting what="Reading the texts" />}
      {texts.isError && <Failure problem={texts.error} what="The texts could not be read" retry={() => void texts.refetch()} />}
      {texts.isSuccess && items.length === 0 && <Empty title="No text yet">Texts come with a release.</Empty>}
      {items.length > 0 && (
        <div className="table-wrap">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Text</th>
                <th scope="col">Said by</th>
                <th scope="col">Ways</th>
                <th scope="col">Languages</th>
                <th scope="col">State</th>
                <th scope="col">Expires</th>
              </tr>
            </thead>
            <tbody>
              {items.map((text) => (
                <tr key={text.key}>
                  <td>
                    <Link to={`/texts/${text.key}`} className="strong">
                      {textName(text.key)}
                    </Link>
                    {text.proposed > 0 && <span className="text-waits"> a change waits</span>}
                  </td>
                  <td className="wraps">{text.usedBy.length > 0 ? text.usedBy.map((use) => use.name).join(', ') : <span className="quiet">nobody yet</span>}</td>
                  <td className="wraps">{text.channels.map(channel).join(', ')}</td>
                  <td>{text.locales.map(language).join(', ')}</td>
                  <td>
                    <TextState state={text.state} />
                  </td>
                  <td>{text.expires ?? <span className="quiet">never</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </main>
  );
}
