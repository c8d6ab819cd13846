import { Ago } from '../time/Moment';
import { factName } from '../words';

const identifier = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/;

function value(told: unknown) {
  if (typeof told === 'boolean') return told ? 'Yes' : 'No';
  if (typeof told === 'string' && instant.test(told)) return <Ago at={told} />;
  if (Array.isArray(told)) return told.map(String).join(', ');
  if (told !== null && typeof told === 'object')
    return Object.entries(told)
      .map(([name, each]) => `${factName(name)}: ${String(each)}`)
      .join(', ');
  return String(told);
}

/** Everything else that is known, folded. An id says nothing to a person and is left out. */
export function Facts({ facts }: { facts: Record<string, unknown> | null }) {
  const known = Object.entries(facts ?? {}).filter(([, told]) => told !== null && told !== '' && !(typeof told === 'string' && identifier.test(told)));
  if (known.length === 0) return null;
  return (
    <details className="fold">
      <summary>Everything known ({known.length})</summary>
      <dl className="facts">
        {known.map(([name, told]) => (
          <div key={name}>
            <dt>{factName(name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase())}</dt>
            <dd>{value(told)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
