import { useQuery } from '@tanstack/react-query';
import { stepsQuery } from '../api/queries';
import { Failure, Waiting } from '../shell/Notices';
import { Ago } from '../time/Moment';

/** Every step a journey took, a sentence each; what it called stands indented. */
export function Steps({ journey, zone }: { journey: string; zone?: string | null }) {
  const instance = useQuery(stepsQuery(journey));
  if (instance.isPending) return <Waiting what="Reading the steps" />;
  if (instance.isError) return <Failure problem={instance.error} what="The steps could not be read" retry={() => void instance.refetch()} />;
  return (
    <ol className="steps" aria-label="Steps">
      {instance.data.steps.map((step, index) => (
        <li key={index} className={step.depth > 1 ? 'step-called' : undefined}>
          <span>{step.sentence}</span>
          <span className="quiet">
            <Ago at={step.at} zone={zone} />
          </span>
        </li>
      ))}
    </ol>
  );
}
