import { Link } from 'react-router';
import type { PatientCard as Card } from '../api/types';
import { PhoneIcon, WarningIcon } from '../icons';
import { useNow } from '../time/clock';
import { age, plainDate } from '../time/phrases';
import { language, patientStatus, phoneNumber, phoneUse } from '../words';

type Props = { card: Card; linked?: boolean };

export function PatientCard({ card, linked }: Props) {
  const now = useNow();
  return (
    <section className="card" aria-label="Patient">
      <h2>{linked ? <Link to={`/patients/${card.id}`}>{card.name}</Link> : card.name}</h2>
      {card.status && card.status !== 'active' && (
        <p className="tone-bad">
          <WarningIcon size={14} /> {patientStatus(card.status)}
        </p>
      )}
      <dl className="pairs">
        {card.birthDate && (
          <div>
            <dt>Born</dt>
            <dd>
              {plainDate(card.birthDate)} <span className="quiet">{age(card.birthDate, now)} years</span>
            </dd>
          </div>
        )}
        {card.language && (
          <div>
            <dt>Speaks</dt>
            <dd>
              {language(card.language)}
              {card.interpreterNeeded && (
                <span className="tone-soon">
                  {' '}
                  <WarningIcon size={13} /> needs an interpreter
                </span>
              )}
            </dd>
          </div>
        )}
        {(card.phones ?? []).map((phone) => (
          <div key={phone.value}>
            <dt>{phone.use ? phoneUse(phone.use) : 'Phone'}</dt>
            <dd>
              <a href={`tel:${phone.value}`} className="number">
                <PhoneIcon size={13} /> {phoneNumber(phone.value)}
              </a>
              {phone.landline && <span className="quiet"> landline</span>}
            </dd>
          </div>
        ))}
        {(card.phones ?? []).length === 0 && (
          <div>
            <dt>Phone</dt>
            <dd className="tone-soon">
              <WarningIcon size={13} /> none known
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
